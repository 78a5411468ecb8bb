package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * An action in a session. Whoever acted, an action on an element reads alike: its {@code type} is that of the verb ({@code click},
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

    /**
     * The element that an action acted on, as it was named at that moment: it may be gone, or read otherwise, since.
     *
     * @param role its ARIA role, such as {@code button}; empty for an element without one
     * @param name its accessible name; empty where it has none
     * @param selector stands for this element only, in its document: the best of {@code selectors}. Empty where none does
     * @param selectors all that do, the best first: roles, labels, test ids and the like, a position at last
     * @param frames the selectors of the iframes that hold it, the outermost first; none in a page's own document
     */
    public record ActionElement(
            Optional<String> role,
            Optional<String> name,
            Optional<String> selector,
            List<String> selectors,
            List<String> frames) {
        private static final int MAX_NAMES = 6;
        private static final int MAX_FRAMES = 10;
        /** A name that is cut is no selector any more. */
        private static final int MAX_CHARS = 200;

        public ActionElement {
            role = role.map(text -> Truncation.cut(text, MAX_CHARS));
            name = name.map(text -> Truncation.cut(text, MAX_CHARS));
            selectors = List.copyOf(selectors);
            frames = List.copyOf(frames);
        }

        /**
         * The element, from a script's description, which a page can have a say in: {@code role}, {@code name}, {@code selectors},
         * {@code frames}.
         */
        public static ActionElement of(Map<?, ?> told) {
            List<String> selectors = texts(told.get("selectors"), MAX_NAMES);
            return new ActionElement(
                    text(told.get("role")),
                    text(told.get("name")),
                    selectors.stream().findFirst(),
                    selectors,
                    texts(told.get("frames"), MAX_FRAMES));
        }

        private static Optional<String> text(Object told) {
            return Optional.ofNullable(told)
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .filter(text -> !text.isEmpty());
        }

        private static List<String> texts(Object told, int most) {
            return (told instanceof Iterable<?> list ? StreamSupport.stream(list.spliterator(), false) : Stream.empty())
                    .map(ActionElement::text)
                    .flatMap(Optional::stream)
                    .filter(text -> text.length() <= MAX_CHARS)
                    .limit(most)
                    .toList();
        }

        /** The same within these iframes too, the outermost first. */
        public ActionElement within(List<String> outer) {
            return new ActionElement(
                    role,
                    name,
                    selector,
                    selectors,
                    Stream.concat(outer.stream(), frames.stream()).toList());
        }

        /** The element as a detail of an action: see {@link ActionEntry#ELEMENT}. */
        public Map<String, Object> details() {
            Map<String, Object> details = new LinkedHashMap<>();
            role.ifPresent(text -> details.put("role", text));
            name.ifPresent(text -> details.put("name", text));
            selector.ifPresent(text -> details.put("selector", text));
            details.put("selectors", selectors);
            if (!frames.isEmpty()) {
                details.put("frames", frames);
            }
            return details;
        }
    }

    /**
     * The point at which an action met an element, in CSS pixels from the top left of the page's viewport.
     *
     * @param viewportWidth of the viewport at that moment; 0 where it is not known, as for an element in an iframe
     * @param viewportHeight likewise
     */
    public record ActionPoint(double x, double y, int viewportWidth, int viewportHeight) {}

    /** The source of an action: the kind of client that performed it. */
    public enum ActionSource {
        /** A client of the REST API. */
        REST,
        /** A CDP client over the relay. */
        CDP,
        /** An AI task. */
        AI,
        /** A person in the live view. */
        LIVE,
        /** An external model, over MCP. */
        MCP,
        /** A verticle that sends commands over the bus without naming a source. */
        BUS,
        /** A source that only a newer version knows. */
        @JsonEnumDefaultValue
        UNKNOWN;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
