package dev.berth.protocol;

/**
 * The size of the page, in CSS pixels.
 *
 * @param width 1 to 7680
 * @param height 1 to 7680
 */
public record Viewport(int width, int height) {
    public static final Viewport DEFAULT = new Viewport(1280, 720);
    /** The longest side. */
    public static final int MAX = 7680;

    public Viewport {
        require("width", width);
        require("height", height);
    }

    private static void require(String field, int value) {
        if (value < 1 || value > MAX) {
            throw new BerthException(
                    ErrorCode.INVALID_ARGUMENT, field + " must be from 1 to " + MAX + ", not " + value);
        }
    }
}
