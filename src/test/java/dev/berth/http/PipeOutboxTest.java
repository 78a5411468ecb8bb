package dev.berth.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipeOutboxTest {
    private final List<String> written = new ArrayList<>();
    private final PipeOutbox outbox = new PipeOutbox(
            (bytes, length) -> {
                written.add(new String(bytes, 0, length, StandardCharsets.UTF_8));
                return false;
            },
            "S");

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        outbox.add(bytes, bytes.length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                // What names no session gets one.
                "{\"id\":1,\"method\":\"m\"} | {\"sessionId\":\"S\",\"id\":1,\"method\":\"m\"}",
                "{} | {\"sessionId\":\"S\"}",
                "{ } | {\"sessionId\":\"S\" }",
                "{\"id\":1,\"params\":{\"sessionId\":\"P\"}} | {\"sessionId\":\"S\",\"id\":1,\"params\":{\"sessionId\":\"P\"}}",
                "{\"a\":[{\"sessionId\":\"P\"}]} | {\"sessionId\":\"S\",\"a\":[{\"sessionId\":\"P\"}]}",
                "{\"a\":\"\\\"sessionId\\\":\\\"P\"} | {\"sessionId\":\"S\",\"a\":\"\\\"sessionId\\\":\\\"P\"}",
                "{\"a\":\"sessionId\"} | {\"sessionId\":\"S\",\"a\":\"sessionId\"}",
                "{\"a\":\"}\",\"id\":1} | {\"sessionId\":\"S\",\"a\":\"}\",\"id\":1}",
                "{\"id\":1,\"sessionId\":\"\"} | {\"id\":1,\"sessionId\":\"S\"}",
                // What names one stays as it is.
                "{\"id\":1,\"sessionId\":\"P\"} | {\"id\":1,\"sessionId\":\"P\"}",
                "{\"a\":\"sessionId\",\"sessionId\":\"P\"} | {\"a\":\"sessionId\",\"sessionId\":\"P\"}",
                "{\"sessionId\" : \"P\",\"id\":1} | {\"sessionId\" : \"P\",\"id\":1}",
                "{\"a\":{\"b\":[1,{}]},\"sessionId\":\"P\"} | {\"a\":{\"b\":[1,{}]},\"sessionId\":\"P\"}",
                // Chrome reads comments and escapes: it then finds two, and refuses.
                "{/*\"sessionId\":1*/\"id\":1} | {\"sessionId\":\"S\",/*\"sessionId\":1*/\"id\":1}",
                "{\"id\":1,\"sessionId\":/**/\"\"} | {\"sessionId\":\"S\",\"id\":1,\"sessionId\":/**/\"\"}",
                "{\"id\":1,\"sessionId\"/**/:\"\"} | {\"sessionId\":\"S\",\"id\":1,\"sessionId\"/**/:\"\"}",
                "{\"id\":1,\"sessionId\":7} | {\"sessionId\":\"S\",\"id\":1,\"sessionId\":7}",
                "{\"s\\u0065ssionId\":\"P\"} | {\"sessionId\":\"S\",\"s\\u0065ssionId\":\"P\"}",
                // What is no object is Chrome's to refuse.
                "garbage | garbage",
                "[1] | [1]"
            })
    void whatNamesNoSessionGetsTheClients(String text, String expected) {
        add(text);
        outbox.flush();
        assertThat(written).containsExactly(expected + "\0");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyMessageIsTheSameButForTheSession(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            JsonObject message = object(random, 4);
            boolean named = message.containsKey("sessionId");
            add(random.nextBoolean() ? message.encode() : message.encodePrettily());
            outbox.flush();
            String sent = written.remove(0);
            assertThat(new JsonObject(sent.substring(0, sent.length() - 1)))
                    .isEqualTo(named ? message : message.put("sessionId", "S"));
        }
    }

    private static JsonObject object(Random random, int depth) {
        JsonObject object = new JsonObject();
        for (int fields = random.nextInt(4); fields > 0; fields--) {
            object.put(text(random), value(random, depth - 1));
        }
        if (random.nextInt(4) == 0) {
            object.put("sessionId", "P" + text(random));
        }
        return object;
    }

    private static Object value(Random random, int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(4)) {
            case 0 -> text(random);
            case 1 -> random.nextInt();
            case 2 -> new JsonArray().add(value(random, depth - 1)).add(value(random, depth - 1));
            default -> object(random, depth - 1);
        };
    }

    private static String text(Random random) {
        List<String> parts = List.of("", "\"", "\\", "{", "}", "[", "]", "ü", "\n", "sessionId", "/*");
        return parts.get(random.nextInt(parts.size())) + parts.get(random.nextInt(parts.size()));
    }

    @Test
    void messagesAreGatheredUntilTheyAreFlushed() {
        String large = "{\"sessionId\":\"P\",\"x\":\"" + "x".repeat(1_000_000) + "\"}";
        add("{}");
        add(large);
        outbox.flush();
        outbox.flush();
        add("{\"id\":1}");
        outbox.flush();
        assertThat(written)
                .containsExactly("{\"sessionId\":\"S\"}\0" + large + "\0", "{\"sessionId\":\"S\",\"id\":1}\0");
    }
}
