package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One action in a session. Whoever acted, an action on an element reads alike: its {@code type} is that of the verb ({@code click},
 * {@code fill}, {@code select}, {@code press}, {@code upload}, {@code drag}, {@code scroll}), and so are the names of its details
 * ({@code selector}, {@code value}, {@code values}, {@code key}, {@code files}, {@code to}, {@code by}, {@code x}, {@code y},
 * {@code button}, {@code clickCount}). {@code selector} is what a client gave; of what people and CDP clients did, that of the element.
 *
 * <p>{@code details.element} is the {@link ActionElement} that it acted on, as it was named then:
 *
 * <pre>{@code
 * "element": {"role": "button", "name": "Log in", "selector": "role=button[name=\"Log in\"s]",
 *             "selectors": ["role=button[name=\"Log in\"s]", "#login"],   all that stand for it only, the best first
 *             "frames": ["iframe[name=\"pay\"]"]}                         of the iframes that hold it, the outermost first; absent where none
 * }</pre>
 *
 * <p>{@code role}, {@code name} and {@code selector} are absent where there is none. {@code details.toElement} is the same for the element
 * on which a {@code drag} ended, where one was named. An action at a point of nothing, such as on a canvas, has {@code x} and {@code y}
 * instead. The entry of an act that may grow, such as a field that is filled in, can come after others that are later: read by {@code timestamp}.
 * What was typed into a field for a secret is {@code [redacted]}.
 *
 * @param type the verb. All texts of an action are cut to a maximum length
 * @param timestamp when it began
 * @param details its arguments and outcome; JSON values only, each text cut at 4,096 characters
 * @param duration milliseconds; 0 where it is not known, as of a click by mouse, of which a page tells when it was
 * @param error why it failed
 */
public record ActionEntry(
        String actionId,
        String type,
        Instant timestamp,
        boolean success,
        Map<String, Object> details,
        long duration,
        ActionSource source,
        Optional<String> error,
        Cost cost) {
    /** The detail with the page that an action acted on. */
    public static final String PAGE_ID = "pageId";

    /** The detail with the {@link ActionElement} that an action acted on. */
    public static final String ELEMENT = "element";

    /** The detail with the AI task that performed it. */
    public static final String TASK_ID = "taskId";

    private static final int MAX_NAME_CHARS = 200;

    /** A new random id. */
    public static String newId() {
        return "action-" + UUID.randomUUID();
    }

    public ActionEntry {
        actionId = Truncation.cut(Require.present("actionId", actionId), MAX_NAME_CHARS);
        type = Truncation.cut(Require.present("type", type), MAX_NAME_CHARS);
        Require.present("timestamp", timestamp);
        details = BoundedDetails.of(Require.present("details", details));
        Require.present("source", source);
        error = Require.present("error", error)
                .map(why -> Truncation.marked(UrlCredentials.redact(why), BoundedDetails.MAX_TEXT_CHARS));
        Require.present("cost", cost);
    }

    /** The page that it acted on, from its details; empty where that is none. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public Optional<String> pageId() {
        return details.get(PAGE_ID) instanceof String page ? Optional.of(page) : Optional.empty();
    }
}
