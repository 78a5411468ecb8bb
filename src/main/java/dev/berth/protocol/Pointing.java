package dev.berth.protocol;

import java.util.List;
import java.util.Optional;

/**
 * How the mouse is used on an element.
 *
 * @param position from the top left of the element, inside of its border; empty for its middle, or another point that is not covered
 * @param modifiers keys that are held
 * @param force whether it is done without waiting until the element is enabled, still and not covered
 */
public record Pointing(Optional<Offset> position, List<Modifier> modifiers, boolean force) {
    public static final Pointing PLAIN = new Pointing(Optional.empty(), List.of(), false);

    public Pointing {
        Require.present("position", position);
        modifiers = Require.elements("modifiers", modifiers, 0, Modifier.values().length);
    }
}
