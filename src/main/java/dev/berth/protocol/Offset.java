package dev.berth.protocol;

/** A distance in CSS pixels: to the right, and down. */
public record Offset(double x, double y) {
    private static final double MAX_PIXELS = 100_000;

    public Offset {
        Require.within("x", x, -MAX_PIXELS, MAX_PIXELS);
        Require.within("y", y, -MAX_PIXELS, MAX_PIXELS);
    }
}
