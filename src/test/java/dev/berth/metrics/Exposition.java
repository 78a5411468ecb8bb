package dev.berth.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.NodeCommand.NodeStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Metrics in the text format of Prometheus, read line by line, and judged by the rules of {@code promtool check metrics}. */
public final class Exposition {
    private static final Pattern META = Pattern.compile("# (HELP|TYPE) ([a-z][a-z0-9_]*) (.+)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-z][a-z0-9_]*)(?:\\{(.*)})? (-?[0-9.]+(?:E-?[0-9]+)?|NaN|[+-]Inf)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    private final Map<String, String> types = new HashMap<>();
    private final Set<String> helped = new HashSet<>();
    /** By name and labels, as they stand in the text. */
    private final Map<String, Double> samples = new HashMap<>();

    private final Map<String, Set<String>> labels = new HashMap<>();

    /** What is told of a node without sessions. */
    public static Exposition of(NodeMetrics metrics) {
        return read(metrics.text(new NodeStatus("node", 1, 0, 0, 0, 0, 0, "Chrome", true, false)));
    }

    /** Fails on a line that Prometheus would not understand. */
    public static Exposition read(String text) {
        Exposition read = new Exposition();
        assertThat(text).endsWith("\n");
        text.lines().forEach(read::line);
        return read;
    }

    private void line(String line) {
        Matcher meta = META.matcher(line);
        Matcher sample = SAMPLE.matcher(line);
        if (meta.matches()) {
            boolean isFirst = meta.group(1).equals("HELP")
                    ? helped.add(meta.group(2))
                    : types.put(meta.group(2), meta.group(3)) == null;
            assertThat(isFirst).as("said once: %s", line).isTrue();
        } else {
            assertThat(sample.matches()).as("a sample: %s", line).isTrue();
            String name = sample.group(1);
            String of = sample.group(2) == null ? "" : "{" + sample.group(2).replaceAll(",$", "") + "}";
            assertThat(samples.put(name + of, Double.valueOf(sample.group(3).replace("Inf", "Infinity"))))
                    .as("one sample: %s", line)
                    .isNull();
            addLabels(name, of);
        }
    }

    private void addLabels(String name, String text) {
        Set<String> names = labels.computeIfAbsent(family(name), ignored -> new HashSet<>());
        Matcher label = LABEL.matcher(text);
        while (label.find()) {
            names.add(label.group(1));
        }
    }

    private String family(String sample) {
        String bare = sample.replaceAll("_(bucket|count|sum)$", "");
        return Set.of("histogram", "summary").contains(types.getOrDefault(bare, "")) ? bare : sample;
    }

    /** The names of all families. */
    public Set<String> families() {
        return types.keySet();
    }

    /** The names of the labels of a family. */
    public Set<String> labels(String family) {
        return labels.getOrDefault(family, Set.of());
    }

    /** @param sample name and labels, in the alphabetical order of these */
    public double value(String sample) {
        assertThat(samples).containsKey(sample);
        return samples.get(sample);
    }

    /** Fails where a name, a unit or a help is not as Prometheus wants it. */
    public void assertRules() {
        assertThat(helped).as("families with a help").isEqualTo(types.keySet());
        assertThat(labels.keySet()).as("families with a type").isEqualTo(types.keySet());
        types.forEach((name, type) -> {
            assertThat(type).isIn("counter", "gauge", "histogram", "summary");
            assertThat(name.endsWith("_total")).as("%s, a %s", name, type).isEqualTo(type.equals("counter"));
            assertThat(name.split("_"))
                    .as("base units in full")
                    .doesNotContain("ms", "millis", "milliseconds", "minutes", "kb", "mib", "percent");
            if (type.equals("counter") || type.equals("gauge")) {
                assertThat(name).doesNotMatch(".*_(count|sum|bucket)");
            }
            if (type.equals("histogram")) {
                assertThat(name).matches(".*_(seconds|bytes)");
            }
        });
        for (String kind : List.of("counter", "gauge", "histogram", "summary")) {
            assertThat(types.keySet())
                    .noneMatch(name -> List.of(name.split("_")).contains(kind));
        }
    }

    /** How many lines it takes. */
    public int size() {
        return samples.size();
    }
}
