package dev.berth.browser.drive.element;

import dev.berth.browser.drive.element.Mouse.Point;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The projection of a frame's coordinates into the viewport of its holder, in CSS pixels: an iframe has a place, and may be scaled. Pure.
 *
 * @param x where the frame's 0 is
 * @param y where the frame's 0 is
 */
record Projection(double x, double y, double scaleX, double scaleY) {
    /** From a smaller box no scale can be told. */
    private static final double MIN_SIZE = 4;

    static final Projection NONE = new Projection(0, 0, 1, 1);

    /** The projection of an iframe, from the script's measurement of its inside. */
    static Projection of(Map<String, Object> inside) {
        return new Projection(
                number(inside, "x"), number(inside, "y"), number(inside, "scaleX"), number(inside, "scaleY"));
    }

    /**
     * The projection from a box, as the script reports it, to its place in the viewport.
     *
     * @param quad the x and y of the four corners there
     */
    static Projection between(Map<String, Object> box, List<Double> quad) {
        double left = Stream.of(0, 2, 4, 6).mapToDouble(quad::get).min().orElseThrow();
        double right = Stream.of(0, 2, 4, 6).mapToDouble(quad::get).max().orElseThrow();
        double top = Stream.of(1, 3, 5, 7).mapToDouble(quad::get).min().orElseThrow();
        double bottom = Stream.of(1, 3, 5, 7).mapToDouble(quad::get).max().orElseThrow();
        double scaleX = scale(right - left, number(box, "width"));
        double scaleY = scale(bottom - top, number(box, "height"));
        return new Projection(left - number(box, "left") * scaleX, top - number(box, "top") * scaleY, scaleX, scaleY);
    }

    /** Whether the corners are not those of an upright rectangle. */
    static boolean isSkewed(List<Double> quad) {
        return Math.abs(quad.get(1) - quad.get(3)) > 0.5 || Math.abs(quad.get(0) - quad.get(6)) > 0.5;
    }

    private static double scale(double shown, double own) {
        return own >= MIN_SIZE && shown > 0 ? shown / own : 1;
    }

    Point of(Point inner) {
        return new Point(x + inner.x() * scaleX, y + inner.y() * scaleY);
    }

    /** The projection of a frame within the frame. */
    Projection of(Projection inner) {
        return new Projection(x + inner.x * scaleX, y + inner.y * scaleY, scaleX * inner.scaleX, scaleY * inner.scaleY);
    }

    /** A number of a function's result. */
    static double number(Map<String, Object> of, String name) {
        return ((Number) of.get(name)).doubleValue();
    }
}
