package dev.berth.browser.cdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTailTest {
    private static final String SESSION = "C2B0E2F68D0545515E15F6BC268AF1B0";

    private static MessageTail read(String message) {
        byte[] bytes = ("}" + message + "}").getBytes(StandardCharsets.UTF_8);
        return MessageTail.of(bytes, 1, bytes.length - 1);
    }

    @Test
    void aSessionStandsAtTheEnd() {
        MessageTail tail = read("{\"id\":1,\"result\":{},\"sessionId\":\"" + SESSION + "\"}");
        assertThat(tail.sessionId()).isEqualTo(SESSION);
        assertThat(tail.from()).isEqualTo(1 + "{\"id\":1,\"result\":{}".length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"id\":1,\"result\":{}}",
                "{\"id\":1,\"result\":{\"a\":1,\"sessionId\":\"S\"}}",
                "{\"id\":1,\"result\":{},\"sessionIds\":\"S\"}",
                "{\"sessionId\":\"S\"}",
                "\"}",
                ",\"sessionId\":\"",
                ""
            })
    void othersHaveNone(String message) {
        assertThat(read(message).isNone()).isTrue();
    }

    /** What a page says, as Chrome would write it at the end of a message. */
    @Test
    void noTextMakesOne() {
        for (String text : List.of(
                ",\"sessionId\":\"" + SESSION,
                "\",\"sessionId\":\"" + SESSION,
                "\\\",\"sessionId\":\"" + SESSION,
                "x,\"sessionId\":\"S\"}",
                ",\\\"sessionId\\\":\\\"S")) {
            String message = new JsonObject().put("id", 1).put("text", text).encode();
            assertThat(read(message).isNone()).as(message).isTrue();
        }
    }
}
