package dev.berth.recording;

/** The size of a video in pixels: even, and small enough for an encoder to keep up. */
record VideoSize(int width, int height) {
    private static final double MAX_PIXELS = 1_920 * 1_200;
    private static final int MIN = 16;

    /** The nearest size with the same shape, as far as possible. */
    static VideoSize of(int width, int height) {
        double scale = Math.min(1, Math.sqrt(MAX_PIXELS / ((double) width * height)));
        return new VideoSize(even(width * scale), even(height * scale));
    }

    private static int even(double length) {
        return Math.max(MIN, (int) length / 2 * 2);
    }
}
