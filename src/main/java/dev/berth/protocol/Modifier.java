package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.Locale;

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
