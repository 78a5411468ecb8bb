package dev.berth.cdpclient.command;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A client's command, with the fields that policy and action log look at.
 *
 * @param id as Chrome reads it: other numbers are no ids
 * @param params those that are a text, a number, a boolean or a list of texts
 */
public record CdpCommand(OptionalLong id, String method, Optional<String> sessionId, Map<String, Object> params) {
    public CdpCommand {
        // Not Map.copyOf: it compares each key with all that collide, and a client can choose colliding keys.
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    }

    public Optional<String> text(String param) {
        return Optional.ofNullable(params.get(param))
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }

    Optional<Number> number(String param) {
        return Optional.ofNullable(params.get(param))
                .filter(Number.class::isInstance)
                .map(Number.class::cast);
    }

    /** The texts of a list parameter; empty where it is no list. */
    List<String> texts(String param) {
        return params.get(param) instanceof List<?> list
                ? list.stream().map(String.class::cast).toList()
                : List.of();
    }

    /**
     * The point at which a client's command puts the mouse.
     *
     * @param x in CSS pixels of the frame that it is for, as {@code y}
     * @param pressed whether a button is held
     */
    public record MousePlace(double x, double y, boolean pressed) {
        private static final Set<String> METHODS = Set.of("Input.dispatchMouseEvent", "Input.dispatchDragEvent");

        /** Empty where it does not, as for touches, whose places are not read. */
        public static Optional<MousePlace> of(CdpCommand command) {
            return METHODS.contains(command.method())
                    ? command.number("x").flatMap(x -> command.number("y").map(y -> of(command, x, y)))
                    : Optional.empty();
        }

        private static MousePlace of(CdpCommand command, Number x, Number y) {
            String type = command.text("type").orElse("");
            boolean held = command.number("buttons").orElse(0).intValue() != 0;
            boolean pressed =
                    type.equals("mousePressed") || type.startsWith("drag") || type.equals("mouseMoved") && held;
            return new MousePlace(x.doubleValue(), y.doubleValue(), pressed);
        }
    }
}
