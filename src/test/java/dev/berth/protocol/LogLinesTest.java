package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ConsoleEntry.ConsoleLevel;
import dev.berth.protocol.LogLines.AnyOf;
import dev.berth.protocol.LogLines.FieldBegins;
import dev.berth.protocol.LogLines.FieldHas;
import dev.berth.protocol.LogLines.FieldIs;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private static LogLines of(String... lines) {
        return LogLines.of(Stream.of(lines)
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    private static String text(LogLines lines, int from, int to) {
        Buffer out = Buffer.buffer();
        lines.writeTo(out, from, to);
        assertThat(out.length()).isEqualTo(lines.bytes(from, to));
        return out.toString();
    }

    @Test
    void aRangeIsTheInsideOfAnArray() {
        LogLines lines = of("{\"a\":1}", "{\"b\":\"ü,\"}", "{}");
        assertThat(lines.count()).isEqualTo(3);
        assertThat(text(lines, 0, 3)).isEqualTo("{\"a\":1},{\"b\":\"ü,\"},{}");
        assertThat(text(lines, 1, 2)).isEqualTo("{\"b\":\"ü,\"}");
        assertThat(text(lines, 2, 2)).isEmpty();
        assertThat(text(lines.only(1), 0, 1)).isEqualTo("{\"b\":\"ü,\"}");
    }

    @Test
    void theEntriesFromOneOn() {
        LogLines lines = of("{\"a\":1}", "{\"b\":2}", "{}");
        assertThat(lines.from(1)).isEqualTo(of("{\"b\":2}", "{}"));
        assertThat(text(lines.from(1), 1, 2)).isEqualTo("{}");
        assertThat(lines.from(3)).isEqualTo(LogLines.NONE);
    }

    @Test
    void theTimestampIsThatOfTheEntryItself() {
        LogLines lines = of("{\"message\":\"\\\"timestamp\\\":\\\"x\\\"\",\"details\":{\"timestamp\":\"y\"},"
                + "\"timestamp\":\"2026-01-02T03:04:05.006Z\",\"z\":1}");
        assertThat(lines.timestamp(0)).isEqualTo(Instant.parse("2026-01-02T03:04:05.006Z"));
    }

    @Test
    void aChunkGivesTheSameLines() {
        LogLines lines = of("{\"a\":1}", "{}");
        assertThat(new String(lines.ndjson(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}\n{}\n");
        assertThat(LogLines.ofNdjson(lines.ndjson())).isEqualTo(lines);
        assertThat(LogLines.ofNdjson(new byte[0])).isEqualTo(LogLines.NONE).isEqualTo(of());
        LogLines many =
                of(IntStream.range(0, 1_000).mapToObj(i -> "{\"i\":" + i + "}").toArray(String[]::new));
        assertThat(LogLines.ofNdjson(many.ndjson()).count()).isEqualTo(1_000);
        assertThat(text(LogLines.ofNdjson(many.ndjson()), 998, 1_000)).isEqualTo("{\"i\":998},{\"i\":999}");
    }

    @Test
    void oneOfSeveralConditionsIsEnough() {
        AnyOf failed = new AnyOf(List.of(new FieldBegins("error", "\""), new FieldBegins("status", "4")));
        LogLines lines = of(
                "{\"status\":200,\"error\":null}",
                "{\"status\":404,\"error\":null}",
                "{\"status\":null,\"error\":\"net::ERR\"}",
                "{\"status\":403,\"error\":\"cut off\"}");
        assertThat(IntStream.range(0, 4).filter(i -> lines.matches(i, List.of(failed))))
                .containsExactly(1, 2, 3);
        assertThat(lines.matches(3, List.of(failed, new FieldIs("status", "403"))))
                .isTrue();
        assertThat(lines.matches(2, List.of(failed, new FieldIs("status", "403"))))
                .isFalse();
    }

    private static boolean has(String line, String name, String json) {
        return of("{\"level\":\"no\"}", line, "{\"level\":\"no\"}").matches(1, List.of(new FieldIs(name, json)));
    }

    @Test
    void onlyTopLevelFieldsMatch() {
        String line = "{\"message\":\"\\\"level\\\":\\\"error\\\",\",\"inner\":{\"level\":\"error\",\"x\":[\"]\",{}]},"
                + "\"none\":null,\"level\":\"warn\",\"status\":404}";
        assertThat(has(line, "level", "\"warn\"")).isTrue();
        assertThat(has(line, "level", "\"error\"")).isFalse();
        assertThat(has(line, "LEVEL", "\"WARN\"")).isTrue();
        assertThat(has(line, "status", "404")).isTrue();
        assertThat(has(line, "status", "40")).isFalse();
        assertThat(has(line, "none", "null")).isTrue();
        assertThat(has(line, "absent", "1")).isFalse();
        assertThat(has("{}", "level", "\"warn\"")).isFalse();
    }

    private static boolean contains(String message, String text) {
        LogLines lines = LogLines.of(List.of(LogLines.line(Map.of("message", message))));
        return lines.matches(0, List.of(new FieldHas("message", text)));
    }

    @Test
    void aPartOfATextMatches() {
        String message = "Größe \"A\"\nnext\u0001 C:\\temp 😀 end";
        for (String part : List.of(message, "größe", "ß", "\"a\"", "\nnext", "\u0001", ":\\t", "😀", "END", "d")) {
            assertThat(contains(message, part)).as(part).isTrue();
        }
        for (String part : List.of("nnext", "u0001", "0001", "\\n", "\\\"", "message", "end\"", "x".repeat(100))) {
            assertThat(contains(message, part)).as(part).isFalse();
        }
        assertThat(contains("", "a")).isFalse();
        assertThat(of("{\"message\":7,\"b\":\"7\"}").matches(0, List.of(new FieldHas("message", "7"))))
                .isFalse();
    }

    @Test
    void aBeginningMatches() {
        LogLines lines = of("{\"status\":404,\"error\":null}");
        assertThat(lines.matches(0, List.of(new FieldBegins("status", "4")))).isTrue();
        assertThat(lines.matches(0, List.of(new FieldBegins("status", "5")))).isFalse();
        assertThat(lines.matches(0, List.of(new FieldBegins("error", "\"")))).isFalse();
        assertThat(lines.matches(0, List.of(new FieldBegins("error", "null}}"))))
                .isFalse();
    }

    @Test
    void allConditionsMustHold() {
        LogLines lines = of("{\"status\":200,\"method\":\"GET\"}");
        assertThat(lines.matches(0, List.of(new FieldIs("status", "200"), new FieldIs("method", "\"get\""))))
                .isTrue();
        assertThat(lines.matches(0, List.of(new FieldIs("status", "200"), new FieldIs("method", "\"post\""))))
                .isFalse();
    }

    /** Text from a page must not be taken for fields. */
    @Test
    void textFromAPageIsNoField() {
        Random random = new Random(7);
        String[] pieces = {
            "\"", "\\", "\\u0000", "{", "}", "[", "]", ",", ":", "level", "\"level\":\"error\"", "\n", "é"
        };
        for (int i = 0; i < 5_000; i++) {
            StringBuilder message = new StringBuilder();
            for (int k = random.nextInt(12); k > 0; k--) {
                message.append(pieces[random.nextInt(pieces.length)]);
            }
            ConsoleLevel level = ConsoleLevel.values()[random.nextInt(ConsoleLevel.values().length)];
            ConsoleEntry entry = new ConsoleEntry(
                    level, message.toString(), Instant.EPOCH, Optional.of(message.toString()), Optional.of(1), "");
            LogLines lines = LogLines.of(List.of(LogLines.line(entry)));
            for (ConsoleLevel each : ConsoleLevel.values()) {
                FieldIs is = new FieldIs("level", '"' + each.wireName() + '"');
                assertThat(lines.matches(0, List.of(is))).isEqualTo(each == level);
            }
            assertThat(lines.matches(0, List.of(new FieldIs("source", "\"\"")))).isTrue();
            assertThat(LogLines.ofNdjson(lines.ndjson()).as(ConsoleEntry.class)).containsExactly(entry);
        }
    }

    @Test
    void entriesOfEarlierServersAreStillRead() {
        LogLines old = of("""
                {"url":"http://a.test/","method":"GET","status":200,"duration":1.5,"size":9,"resourceType":"document",\
                "mimeType":"","timestamp":"2026-01-02T03:04:05.006Z","fromCache":false,"fromServiceWorker":false,\
                "error":null,"requestHeaders":{},"responseHeaders":{}}""");
        NetworkEntry entry = old.as(NetworkEntry.class).get(0);
        assertThat(entry.requestId()).isEmpty();
        assertThat(entry.timings()).isEmpty();
        assertThat(new String(LogLines.line(entry), StandardCharsets.UTF_8))
                .isEqualTo(old.toString().replaceAll(",$", ""));
    }

    @Test
    void aTruncatedEntryMatchesNothing() {
        byte[] whole = LogLines.line(Map.of("a", List.of("x", Map.of("b", "\\\""))));
        for (int i = 0; i < whole.length; i++) {
            LogLines cut = LogLines.of(List.of(java.util.Arrays.copyOf(whole, i)));
            assertThat(cut.matches(0, List.of(new FieldIs("level", "\"x\"")))).isFalse();
            assertThat(cut.matches(0, List.of(new FieldHas("level", "x")))).isFalse();
        }
    }
}
