package dev.berth.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.relay.command.CommandText;
import dev.berth.relay.command.CommandTextTest;
import io.netty.buffer.ByteBuf;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class PipeOutboxTest {
    private final List<String> written = new ArrayList<>();
    private final PipeOutbox outbox = new PipeOutbox(
            new PipeOutbox.Writer() {
                @Override
                public boolean write(byte[] bytes, int length) {
                    written.add(new String(bytes, 0, length, StandardCharsets.UTF_8));
                    return false;
                }

                @Override
                public void writeLater(ByteBuf bytes) {
                    written.add(bytes.toString(StandardCharsets.UTF_8));
                    assertThat(bytes.release()).isTrue();
                }
            },
            "S");

    private void add(String text) {
        outbox.add(CommandTextTest.text(text));
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
                "{\"a\":{\"b\":[1,{}]},\"sessionId\":\"P\"} | {\"a\":{\"b\":[1,{}]},\"sessionId\":\"P\"}"
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
            boolean named = !"".equals(message.getValue("sessionId", ""));
            int blanks = random.nextInt(20) == 0 ? random.nextInt(600_000) : 0;
            CommandText text = CommandTextTest.text(
                    " ".repeat(blanks) + (random.nextBoolean() ? message.encode() : message.encodePrettily()));
            assertThat(text.scan().faultAtEnd().isPresent()).isEqualTo(isRefused(message));
            if (isRefused(message)) {
                text.reset(); // never gets here
                continue;
            }
            outbox.add(text);
            outbox.flush();
            String sent = String.join("", written);
            written.clear();
            assertThat(new JsonObject(sent.substring(0, sent.length() - 1)))
                    .isEqualTo(named ? message : message.put("sessionId", "S"));
        }
    }

    /** For escapes on top, or a session that is no text. */
    private static boolean isRefused(JsonObject message) {
        Object session = message.getValue("sessionId", "");
        return !(session instanceof String) || (message.fieldNames() + " " + session).matches("(?s).*[\"\\\\\n].*");
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
        assertThat(outbox.heldBytes()).isBetween(1_000_000L, 1_010_000L);
        add("{\"id\":2}");
        outbox.flush();
        assertThat(outbox.flush()).isFalse();
        assertThat(outbox.heldBytes()).isZero();
        add("{\"id\":1}");
        outbox.flush();
        assertThat(String.join("", written))
                .isEqualTo("{\"sessionId\":\"S\"}\0" + large + "\0{\"sessionId\":\"S\",\"id\":2}\0"
                        + "{\"sessionId\":\"S\",\"id\":1}\0");
    }

    @Test
    void whatIsDroppedIsNotWritten() {
        add("{\"x\":\"" + "x".repeat(100_000) + "\"}");
        add("{}");
        outbox.drop();
        assertThat(outbox.flush()).isFalse();
        assertThat(written).isEmpty();
    }
}
