package dev.berth.protocol;

import java.util.Optional;

/**
 * How a page is printed. Lengths in inches.
 *
 * @param scale 0.1 to 2
 * @param margin of all four sides
 * @param pageRanges such as {@code 1-3, 5}; absent for all
 */
public record PdfOptions(
        boolean landscape,
        boolean printBackground,
        double scale,
        double width,
        double height,
        double margin,
        Optional<String> pageRanges) {
    public PdfOptions {
        Require.finite("scale", scale);
        Require.finite("width", width);
        Require.finite("height", height);
        Require.finite("margin", margin);
        Require.present("pageRanges", pageRanges);
    }
}
