package dev.berth.protocol;

import java.util.List;
import java.util.Optional;

/** How a command uses the mouse on an element. */
public interface Pointing {
    /** At the middle of the element, with no keys, once the element takes it. */
    Pointing PLAIN = new Given(Optional.empty(), List.of(), false);

    /** From the top left of the element, inside of its border; empty for its middle, or another point that is not covered. */
    Optional<Offset> position();

    /** The keys that are held. */
    List<Modifier> modifiers();

    /** Whether it is done without waiting until the element is enabled, still and not covered. */
    boolean force();

    /** Pointing that no command asks for. */
    record Given(Optional<Offset> position, List<Modifier> modifiers, boolean force) implements Pointing {
        public Given {
            modifiers = checked(position, modifiers);
        }
    }

    /** Checks the fields that the commands have in common; returns the modifiers, which can't be changed. */
    static List<Modifier> checked(Optional<Offset> position, List<Modifier> modifiers) {
        Require.present("position", position);
        return Require.elements("modifiers", modifiers, 0, Modifier.values().length);
    }
}
