package dev.berth.browser.drive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import dev.berth.protocol.BerthException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationsTest {
    private static String read(String message) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        return EvaluationAnswer.read(bytes, bytes.length).result().json();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"type\":\"number\",\"value\":1,\"description\":\"1\"} | 1",
                "{\"type\":\"number\",\"value\":1e+21,\"description\":\"1e+21\"} | 1e+21",
                "{\"type\":\"string\",\"value\":\"a\\\"\\ud800,\"} | \"a\\\"\\ud800,\"",
                "{\"type\":\"object\",\"value\":{\"b\":[1,{\"c\":null}]}} | {\"b\":[1,{\"c\":null}]}",
                "{\"value\":[],\"type\":\"object\"} | []",
                "{\"type\":\"undefined\"} | null",
                "{\"type\":\"object\",\"subtype\":\"null\",\"value\":null} | null",
                "{\"type\":\"number\",\"unserializableValue\":\"NaN\",\"description\":\"NaN\"} | \"NaN\"",
                "{\"type\":\"number\",\"unserializableValue\":\"-0\",\"description\":\"-0\"} | -0",
                "{\"type\":\"boolean\",\"value\":true} | true"
            })
    void givesTheValueAsChromeWroteIt(String remoteObject, String json) throws IOException {
        assertThat(read("{\"id\":3,\"result\":{\"result\":" + remoteObject + "},\"sessionId\":\"AB\"}"))
                .isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"type\":\"object\",\"description\":\"Error: boom\\n    at x\"} | Error: boom\\n    at x",
                "{\"type\":\"string\",\"value\":\"oops\"} | oops",
                "{\"type\":\"number\",\"value\":42,\"description\":\"42\"} | 42",
                "{\"type\":\"object\",\"value\":{\"a\":1}} | {\"a\":1}",
                "{\"type\":\"undefined\"} | Uncaught"
            })
    void failsWithWhatTheScriptThrew(String exception, String why) {
        assertThatThrownBy(() -> read("{\"id\":3,\"result\":{\"result\":{\"type\":\"object\"},\"exceptionDetails\":"
                        + "{\"exceptionId\":1,\"text\":\"Uncaught\",\"lineNumber\":0,\"exception\":" + exception
                        + "}}}"))
                .isInstanceOf(BerthException.class)
                .hasMessage("script threw: " + why.replace("\\n", "\n"));
    }

    @Test
    void cutsWhatTheScriptThrew() {
        assertThatThrownBy(() -> read("{\"id\":3,\"result\":{\"exceptionDetails\":{\"text\":\"Uncaught\",\"exception\":"
                        + "{\"description\":\"" + "x".repeat(1_000_000) + "\"}}}}"))
                .message()
                .hasSizeLessThan(4_200)
                .endsWith("(995904 more characters)");
    }

    @Test
    void failsWithChromesRefusal() {
        assertThatThrownBy(() -> read(
                        "{\"id\":3,\"error\":{\"code\":-32000,\"message\":\"Object reference chain is too long\"}}"))
                .isInstanceOf(ChromeRefusal.class)
                .hasMessage("Object reference chain is too long");
    }

    @Test
    void refusesAResultThatIsTooLarge() {
        String text = "x".repeat(Failures.MAX_RESULT_BYTES);
        assertThatThrownBy(() ->
                        read("{\"id\":3,\"result\":{\"result\":{\"type\":\"string\",\"value\":\"" + text + "\"}}}"))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("at most 33554432 can be returned at once");
    }

    @Test
    void aValueMayHaveUnusualNamesAndDepths() throws IOException {
        String name = "{\"" + "k".repeat(60_000) + "\":1}";
        String deep = "[".repeat(1_000) + "]".repeat(1_000);
        for (String value : List.of(name, deep)) {
            byte[] answer = ("{\"id\":1,\"result\":{\"result\":{\"type\":\"object\",\"value\":" + value + "}}}")
                    .getBytes(StandardCharsets.UTF_8);
            assertThat(EvaluationAnswer.read(answer, answer.length).result().json())
                    .isEqualTo(value);
        }
    }
}
