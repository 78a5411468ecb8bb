package dev.berth.protocol;

import java.util.Optional;

/**
 * Options for printing a page. Lengths in inches: width and height 1 to 200, margin 0 to 100.
 *
 * @param scale 0.1 to 2
 * @param margin for all four sides
 * @param pageRanges such as {@code 1-3, 5}; empty for all pages
 */
public record PdfOptions(
        boolean landscape,
        boolean printBackground,
        double scale,
        double width,
        double height,
        double margin,
        Optional<String> pageRanges) {
    private static final double MAX_INCHES = 200;
    private static final int MAX_RANGE_CHARS = 1_000;

    public PdfOptions {
        Require.within("scale", scale, 0.1, 2);
        Require.within("width", width, 1, MAX_INCHES);
        Require.within("height", height, 1, MAX_INCHES);
        Require.within("margin", margin, 0, MAX_INCHES / 2);
        Require.text("pageRanges", pageRanges, 0, MAX_RANGE_CHARS);
    }
}
