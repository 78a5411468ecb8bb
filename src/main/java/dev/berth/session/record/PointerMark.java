package dev.berth.session.record;

import dev.berth.browser.Pointer.Moved;
import java.awt.image.WritableRaster;
import java.util.Optional;

/**
 * The mark of the mouse in a recording: an arrow where it is, and a ring where a button was pressed.
 *
 * @param pressed where that was, lately
 */
record PointerMark(Moved at, Optional<Moved> pressed) {
    private static final double RING_RADIUS = 14;
    private static final double RING_HALF_WIDTH = 2;
    private static final double HALO = 1.2;
    private static final double OUTLINE = 0.9;
    /** The corners of the arrow, from its tip, in CSS pixels: x, y. */
    private static final double[][] ARROW = {
        {0, 0}, {0, 17}, {4, 13.2}, {6.8, 19.4}, {9.4, 18.2}, {6.7, 12.2}, {12, 12.2}
    };

    /** How far from its place a mark reaches at most, in CSS pixels. */
    private static final double REACH = 22;

    /** Colours as JPEG has them: brightness, blue and red. */
    private static final int[] WHITE = {255, 128, 128};

    private static final int[] BLACK = {0, 128, 128};
    private static final int[] ORANGE = {114, 64, 229};

    /** How far a place is outside of a shape; negative inside. In CSS pixels. */
    private interface Shape {
        double distance(double x, double y);
    }

    /**
     * Draws it.
     *
     * @param picture of a page: brightness, blue and red
     * @param scale how many of the picture's pixels are a CSS pixel
     */
    void draw(WritableRaster picture, double scale) {
        pressed.ifPresent(place -> {
            fill(picture, scale, place, WHITE, PointerMark::halo);
            fill(picture, scale, place, ORANGE, (x, y) -> ring(x, y) - RING_HALF_WIDTH);
        });
        fill(picture, scale, at, BLACK, (x, y) -> arrow(x, y) - OUTLINE);
        fill(picture, scale, at, WHITE, (x, y) -> arrow(x, y) + OUTLINE / 2);
    }

    private static double halo(double x, double y) {
        return ring(x, y) - RING_HALF_WIDTH - HALO;
    }

    private static double ring(double x, double y) {
        return Math.abs(Math.hypot(x, y) - RING_RADIUS);
    }

    private static double arrow(double x, double y) {
        double nearest = Double.MAX_VALUE;
        boolean inside = false;
        double[] from = ARROW[ARROW.length - 1];
        for (double[] to : ARROW) {
            nearest = Math.min(nearest, toLine(x, y, from, to));
            boolean crosses = from[1] > y != to[1] > y;
            inside ^= crosses && x < from[0] + (to[0] - from[0]) * (y - from[1]) / (to[1] - from[1]);
            from = to;
        }
        return inside ? -nearest : nearest;
    }

    private static double toLine(double x, double y, double[] from, double[] to) {
        double dx = to[0] - from[0];
        double dy = to[1] - from[1];
        double part = ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy);
        double within = Math.max(0, Math.min(1, part));
        return Math.hypot(x - from[0] - within * dx, y - from[1] - within * dy);
    }

    /** Pixels at the edge are filled in part. */
    private static void fill(WritableRaster picture, double scale, Moved place, int[] colour, Shape shape) {
        int left = within(picture.getWidth(), (place.x() - REACH) * scale);
        int right = within(picture.getWidth(), (place.x() + REACH) * scale);
        int top = within(picture.getHeight(), (place.y() - REACH) * scale);
        int bottom = within(picture.getHeight(), (place.y() + REACH) * scale);
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                double outside = shape.distance((x + 0.5) / scale - place.x(), (y + 0.5) / scale - place.y());
                double part = Math.max(0, Math.min(1, 0.5 - outside * scale));
                if (part > 0) {
                    blend(picture, x, y, colour, part);
                }
            }
        }
    }

    private static int within(int size, double pixel) {
        return (int) Math.max(0, Math.min(size, pixel));
    }

    private static void blend(WritableRaster picture, int x, int y, int[] colour, double part) {
        for (int band = 0; band < colour.length; band++) {
            int before = picture.getSample(x, y, band);
            picture.setSample(x, y, band, (int) Math.round(before + (colour[band] - before) * part));
        }
    }
}
