package dev.berth.browser;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/**
 * The picture of a page.
 *
 * @param pageId the page's target id
 * @param jpeg a whole JPEG; nobody changes it
 * @param at when Chrome painted it, by Chrome's clock
 * @param width of the page's viewport in CSS pixels, which the JPEG may have more or fewer of
 * @param height likewise
 */
public record ScreenFrame(String pageId, Buffer jpeg, Instant at, int width, int height) {
    /** The same, for somebody who watches since then only. */
    public ScreenFrame notBefore(Instant start) {
        return at.isBefore(start) ? new ScreenFrame(pageId, jpeg, start, width, height) : this;
    }
}
