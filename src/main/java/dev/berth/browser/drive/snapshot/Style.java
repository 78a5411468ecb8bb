package dev.berth.browser.drive.snapshot;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The computed style of an element, as far as it tells what a mouse can do there. */
record Style(
        String cursor,
        boolean visible,
        String across,
        String down,
        boolean transparent,
        String position,
        String display) {
    /** The properties that Chrome is asked for. */
    static final List<String> ASKED =
            List.of("cursor", "visibility", "overflow-x", "overflow-y", "pointer-events", "position", "display");

    private static final Set<String> SCROLLS = Set.of("auto", "scroll");

    static Style of(UnaryOperator<String> value) {
        return new Style(
                value.apply("cursor"),
                value.apply("visibility").equals("visible"),
                value.apply("overflow-x"),
                value.apply("overflow-y"),
                value.apply("pointer-events").equals("none"),
                value.apply("position"),
                value.apply("display"));
    }

    boolean scrollsAcross() {
        return SCROLLS.contains(across);
    }

    boolean scrollsDown() {
        return SCROLLS.contains(down);
    }

    boolean overflows() {
        return across.equals("visible") && down.equals("visible");
    }

    boolean positioned() {
        return !position.equals("static");
    }
}
