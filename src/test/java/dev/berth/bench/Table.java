package dev.berth.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All rows as Markdown, and below them what each compares. */
final class Table {
    private static final String HEAD = """
            | # | what | unit | Berth median | Berth p95 | reference median | reference p95 | ratio | budget | met? |
            |--:|---|---|--:|--:|--:|--:|--:|---|---|
            """;

    private Table() {}

    static String render(List<Row> rows) {
        String lines = numbered(rows).mapToObj(i -> line(i + 1, rows.get(i))).collect(Collectors.joining());
        String notes = numbered(rows)
                .mapToObj(i -> (i + 1) + ". " + rows.get(i).compared() + "\n")
                .collect(Collectors.joining());
        return HEAD + lines + "\n" + notes;
    }

    private static IntStream numbered(List<Row> rows) {
        return IntStream.range(0, rows.size());
    }

    private static String line(int number, Row row) {
        Pair pair = row.pair();
        boolean compares = !Double.isNaN(pair.reference().median());
        return "| " + number + " | " + row.name() + " | " + row.unit() + " | "
                + figure(pair.berth().median()) + " | "
                + figure(pair.berth().p95(row.largerIsWorse())) + " | "
                + figure(pair.reference().median()) + " | "
                + figure(pair.reference().p95(row.largerIsWorse())) + " | "
                + (compares ? String.format(Locale.ROOT, "%.2f", pair.ratio()) : "") + " | "
                + row.budget().text() + " | "
                + row.budget().verdict(pair).map(met -> met ? "yes" : "**no**").orElse("") + " |\n";
    }

    private static String figure(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return String.format(
                Locale.ROOT, Math.abs(value) >= 1_000 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }
}
