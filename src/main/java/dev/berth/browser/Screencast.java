package dev.berth.browser;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** The picture of a browser's pages. On the browser's context. */
public interface Screencast {
    /** The most frames that anybody gets in a second. */
    int MAX_FRAMES_PER_SECOND = 60;

    /**
     * Sends frames until it is closed: the latest picture soon, then each change, so far as the pace allows; the last change
     * before a rest always. All who watch a page share one screencast of Chrome's, and none delays it or another.
     *
     * @param page the page's target id; empty for the active page, whichever that is at each time. A page that is closed, or
     *     does not exist, sends nothing
     * @param framesPerSecond the most that is wanted, 1 to {@value #MAX_FRAMES_PER_SECOND}
     * @param frames is called on the browser's context, and returns at once
     */
    Watching watch(Optional<String> page, int framesPerSecond, Consumer<ScreenFrame> frames);

    /**
     * The present picture of the active page: a JPEG of at most {@code width} pixels. Fails with {@link dev.berth.protocol.BerthException}
     * where no page is open, or it has crashed, or it gives none within seconds.
     */
    Future<Buffer> picture(int width);

    /** The subscription of a watcher. */
    @FunctionalInterface
    interface Watching {
        /** Ends it: no frame comes afterwards. Harmless to repeat. */
        void close();
    }

    /**
     * The picture of a page.
     *
     * @param pageId the page's target id
     * @param documentId the loader id of the document that the page showed when the picture came
     * @param jpeg a whole JPEG; nobody changes it
     * @param at when Chrome painted it, by Chrome's clock
     * @param width of the page's viewport in CSS pixels, which the JPEG may have more or fewer of
     * @param height likewise
     */
    record ScreenFrame(String pageId, String documentId, Buffer jpeg, Instant at, int width, int height) {
        /** The same, for somebody who watches since then only. */
        public ScreenFrame notBefore(Instant start) {
            return at.isBefore(start) ? new ScreenFrame(pageId, documentId, jpeg, start, width, height) : this;
        }

        /**
         * Whether it shows another document than the frame before.
         *
         * @param before the document of the frame before; empty where this is the first
         */
        public boolean cutsFrom(String before) {
            return !before.isEmpty() && !before.equals(documentId);
        }

        /** The same with another picture. */
        public ScreenFrame with(Buffer other) {
            return new ScreenFrame(pageId, documentId, other, at, width, height);
        }
    }
}
