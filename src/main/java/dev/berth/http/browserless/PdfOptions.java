package dev.berth.http.browserless;

import dev.berth.http.request.GivenFields;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puppeteer's options for a PDF as arguments of the verb {@code pdf}. */
final class PdfOptions {
    private static final Pattern LENGTH = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(px|in|cm|mm)?");

    /** How many of each unit an inch has. */
    private static final Map<String, Double> UNITS = Map.of("px", 96.0, "in", 1.0, "cm", 2.54, "mm", 25.4);

    /** Width and height in inches. */
    private static final Map<String, List<Double>> FORMATS = Map.ofEntries(
            Map.entry("letter", List.of(8.5, 11.0)),
            Map.entry("legal", List.of(8.5, 14.0)),
            Map.entry("tabloid", List.of(11.0, 17.0)),
            Map.entry("ledger", List.of(17.0, 11.0)),
            Map.entry("a0", List.of(33.11, 46.81)),
            Map.entry("a1", List.of(23.39, 33.11)),
            Map.entry("a2", List.of(16.54, 23.39)),
            Map.entry("a3", List.of(11.69, 16.54)),
            Map.entry("a4", List.of(8.27, 11.69)),
            Map.entry("a5", List.of(5.83, 8.27)),
            Map.entry("a6", List.of(4.13, 5.83)));

    private PdfOptions() {}

    /** Arguments; a field that is wrong throws with its path. */
    static JsonObject arguments(GivenFields given) {
        JsonObject arguments = new JsonObject()
                .put("landscape", given.flag("landscape").orElse(false))
                .put("printBackground", given.flag("printBackground").orElse(false))
                .put("margin", 0);
        given.number("scale", 0.1, 2).ifPresent(scale -> arguments.put("scale", scale));
        size(given, arguments);
        given.object("margin").ifPresent(sides -> {
            JsonObject margins = new JsonObject();
            for (String side : List.of("top", "right", "bottom", "left")) {
                inches(sides, side).ifPresent(inches -> margins.put(side, inches));
            }
            arguments.put("margins", margins);
        });
        given.text("pageRanges").filter(text -> !text.isEmpty()).ifPresent(text -> arguments.put("pageRanges", text));
        if (given.flag("displayHeaderFooter").orElse(false)) {
            arguments.put("headerTemplate", given.text("headerTemplate").orElse(""));
            arguments.put("footerTemplate", given.text("footerTemplate").orElse(""));
        }
        given.flag("preferCSSPageSize").ifPresent(on -> arguments.put("preferCssPageSize", on));
        return arguments;
    }

    /** A format comes before width and height, as with Puppeteer. */
    private static void size(GivenFields given, JsonObject arguments) {
        Optional<List<Double>> format = given.choice("format", FORMATS);
        Optional<Double> width = inches(given, "width");
        Optional<Double> height = inches(given, "height");
        format.map(size -> size.get(0)).or(() -> width).ifPresent(inches -> arguments.put("width", inches));
        format.map(size -> size.get(1)).or(() -> height).ifPresent(inches -> arguments.put("height", inches));
    }

    /** A length: a number of CSS pixels, or a text with a unit. */
    private static Optional<Double> inches(GivenFields given, String name) {
        return given.value(name).map(value -> {
            Matcher length = LENGTH.matcher(value.toString());
            if (!(value instanceof Number || value instanceof String) || !length.matches()) {
                throw given.wrong(name, "a number of pixels, or a length such as 210mm, 8.5in or 100px");
            }
            return Double.parseDouble(length.group(1))
                    / UNITS.get(Optional.ofNullable(length.group(2)).orElse("px"));
        });
    }
}
