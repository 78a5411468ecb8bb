package dev.berth.browser.drive.snapshot;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The computed style of an element, as far as it tells what a mouse can do there. */
record Style(
        String cursor,
        boolean visible,
        String across,
        String down,
        boolean transparent,
        String position,
        String display,
        boolean shaped) {
    /** The properties that Chrome is asked for. */
    static final List<String> ASKED = List.of(
            "cursor",
            "visibility",
            "overflow-x",
            "overflow-y",
            "pointer-events",
            "position",
            "display",
            "transform",
            "clip-path");

    private static final Pattern UPRIGHT = Pattern.compile("matrix\\([^,]+, 0, 0, .*");
    private static final Set<String> SCROLLS = Set.of("auto", "scroll");

    static Style of(UnaryOperator<String> value) {
        return new Style(
                value.apply("cursor"),
                value.apply("visibility").equals("visible"),
                value.apply("overflow-x"),
                value.apply("overflow-y"),
                value.apply("pointer-events").equals("none"),
                value.apply("position"),
                value.apply("display"),
                isTurned(value.apply("transform")) || !value.apply("clip-path").equals("none"));
    }

    /** Whether it does more than move and scale. */
    private static boolean isTurned(String transform) {
        return !transform.equals("none") && !UPRIGHT.matcher(transform).matches();
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
