package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How a command uses the mouse on an element. */
public interface Pointing {
    /** The plain pointing: at the middle of the element, with no keys, once the element takes it. */
    Pointing PLAIN = new Given(Optional.empty(), List.of(), false);

    /** The offset from the top left of the element, inside of its border; empty for its middle, or another point that is not covered. */
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

    /** A distance in CSS pixels: to the right, and down. */
    public record Offset(double x, double y) {
        private static final double MAX_PIXELS = 100_000;

        public Offset {
            Require.within("x", x, -MAX_PIXELS, MAX_PIXELS);
            Require.within("y", y, -MAX_PIXELS, MAX_PIXELS);
        }
    }

    /** Keys that are held while the mouse is used. */
    public enum Modifier {
        ALT(1),
        CONTROL(2),
        META(4),
        SHIFT(8);

        private final int bit;

        Modifier(int bit) {
            this.bit = bit;
        }

        @JsonValue
        public String wireName() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }

        /** The sum that CDP's input commands take. */
        public static int sum(Collection<Modifier> held) {
            return held.stream().mapToInt(each -> each.bit).sum();
        }
    }

    /** The buttons of a mouse. */
    public enum MouseButton {
        LEFT,
        MIDDLE,
        RIGHT;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The value whose {@link #wireName()} is {@code text}. */
        public static Optional<MouseButton> parse(String text) {
            return Stream.of(values()).filter(v -> v.wireName().equals(text)).findFirst();
        }
    }
}
