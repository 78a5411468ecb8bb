package dev.berth.cdpclient.command;

import java.util.Optional;
import java.util.Set;

/**
 * Where a client's command puts the mouse.
 *
 * @param x in CSS pixels of the frame that it is for, as {@code y}
 * @param pressed whether a button is held
 */
public record CdpPointing(double x, double y, boolean pressed) {
    private static final Set<String> METHODS = Set.of("Input.dispatchMouseEvent", "Input.dispatchDragEvent");

    /** Empty where it does not, as for touches, whose places are not read. */
    public static Optional<CdpPointing> of(CdpCommand command) {
        return METHODS.contains(command.method())
                ? command.number("x").flatMap(x -> command.number("y").map(y -> of(command, x, y)))
                : Optional.empty();
    }

    private static CdpPointing of(CdpCommand command, Number x, Number y) {
        String type = command.text("type").orElse("");
        boolean held = command.number("buttons").orElse(0).intValue() != 0;
        boolean pressed = type.equals("mousePressed") || type.startsWith("drag") || type.equals("mouseMoved") && held;
        return new CdpPointing(x.doubleValue(), y.doubleValue(), pressed);
    }
}
