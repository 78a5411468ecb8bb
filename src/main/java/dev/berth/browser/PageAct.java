package dev.berth.browser;

import dev.berth.protocol.ActionEntry.ActionElement;
import dev.berth.protocol.ActionEntry.ActionSource;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One act of a user on a page with mouse and keys, as the page's document received it.
 *
 * @param pageId the page's target id
 * @param type {@code click}, {@code drag}, {@code scroll}, {@code fill}, {@code paste}, {@code select}, {@code upload} or {@code press}
 * @param element on which; empty for the page itself, or a point of nothing
 * @param details as in the action log
 */
public record PageAct(
        String pageId,
        ActionSource source,
        String type,
        Optional<ActionElement> element,
        Map<String, Object> details,
        Instant at) {
    public static final Set<String> TYPES =
            Set.of("click", "drag", "scroll", "fill", "paste", "select", "upload", "press");
}
