package dev.berth.browser.watch.console;

import dev.berth.protocol.Truncation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Draws the argument of {@code console.table} as a table of text, of limited size. Pure. */
final class ConsoleTable {
    private static final int MAX_ROWS = 100;
    private static final int MAX_COLUMNS = 20;
    private static final int MAX_CELL_CHARS = 50;
    private static final String INDEX = "(index)";
    private static final String VALUE = "Value";

    private final RemoteValues values;
    private final List<JsonObject> rows;
    private final List<String> columns;

    private ConsoleTable(RemoteValues values, List<JsonObject> rows) {
        this.values = values;
        this.rows = rows;
        this.columns = columns(rows);
    }

    /** Empty where it is no table: DevTools then shows the arguments as those of {@code console.log}. */
    static Optional<String> draw(JsonArray arguments, RemoteValues values) {
        JsonObject preview =
                arguments.isEmpty() ? null : arguments.getJsonObject(0).getJsonObject("preview");
        if (preview == null || preview.containsKey("entries")) {
            return Optional.empty();
        }
        List<JsonObject> rows = objects(preview.getJsonArray("properties", new JsonArray()));
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new ConsoleTable(values, rows).draw(preview.getBoolean("overflow", false)));
    }

    private static List<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }

    private static List<JsonObject> cells(JsonObject row) {
        return objects(row.getJsonObject("valuePreview", new JsonObject()).getJsonArray("properties", new JsonArray()));
    }

    /** The columns, in the order of their first appearance. Rows that are no objects have a column of their own. */
    private static List<String> columns(List<JsonObject> rows) {
        Set<String> names = new LinkedHashSet<>();
        rows.stream().limit(MAX_ROWS).forEach(row -> cells(row).forEach(cell -> names.add(cell.getString("name"))));
        List<String> shown = names.stream().limit(MAX_COLUMNS).collect(Collectors.toCollection(ArrayList::new));
        if (rows.stream().limit(MAX_ROWS).anyMatch(row -> !row.containsKey("valuePreview"))) {
            shown.add(VALUE);
        }
        return shown;
    }

    private String draw(boolean overflows) {
        List<List<String>> lines = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(INDEX));
        columns.forEach(column -> head.add(cut(column)));
        lines.add(head);
        rows.stream().limit(MAX_ROWS).map(this::line).forEach(lines::add);
        String left = rows.size() > MAX_ROWS ? "\n… " + (rows.size() - MAX_ROWS) + " more rows" : "";
        return aligned(lines) + (left.isEmpty() && overflows ? "\n…" : left);
    }

    private List<String> line(JsonObject row) {
        List<String> line = new ArrayList<>(List.of(cut(row.getString("name"))));
        List<JsonObject> cells = cells(row);
        for (String column : columns) {
            line.add(cells.stream()
                    .filter(cell -> cell.getString("name").equals(column))
                    .findFirst()
                    .or(() -> Optional.of(row).filter(any -> column.equals(VALUE) && !row.containsKey("valuePreview")))
                    .map(cell -> cut(values.value(cell)))
                    .orElse(""));
        }
        return line;
    }

    private static String cut(String text) {
        return Truncation.ellipsis(text, MAX_CELL_CHARS);
    }

    private static String aligned(List<List<String>> lines) {
        int[] widths = new int[lines.get(0).size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        return lines.stream().map(line -> aligned(line, widths)).collect(Collectors.joining("\n"));
    }

    private static String aligned(List<String> line, int[] widths) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            out.append(i == 0 ? "" : " │ ").append(line.get(i));
            out.append(
                    " ".repeat(i + 1 < widths.length ? widths[i] - line.get(i).length() : 0));
        }
        return out.toString();
    }
}
