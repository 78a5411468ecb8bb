package dev.berth.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.BerthException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
    private static void requireRefused(Buffer body, String why) {
        assertThatThrownBy(() -> new JsonBody().parse(body))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining(why);
    }

    private static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("{\"a\":1,\"a\":2}", "'a'"),
                Arguments.of("{\"o\":{\"a\":1,\"\\u0061\":2}}", "'a'"),
                Arguments.of("{} x", "not well-formed"),
                Arguments.of("{}{}", "nothing else"),
                Arguments.of("{},", "not well-formed"),
                Arguments.of("   ", "one JSON object"),
                Arguments.of("{\"a\":[1", "not well-formed"),
                Arguments.of("1", "one JSON object"),
                Arguments.of("null", "one JSON object"),
                Arguments.of("[{}]", "one JSON object"),
                Arguments.of("{'a':1}", "not well-formed"),
                Arguments.of("{\"a\":NaN}", "not well-formed"),
                Arguments.of("[1,]", "not well-formed"),
                Arguments.of("[".repeat(65) + "]".repeat(65), "nested deeper"),
                Arguments.of("[".repeat(1_000_000), "nested deeper"),
                Arguments.of("{\"n\":" + "9".repeat(101) + "}", "digits"),
                Arguments.of("[" + ("[" + "1,".repeat(500) + "1],").repeat(50) + "1]", "parts"));
    }

    private static String keys(int count) {
        return Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(i -> "\"k" + i + "\":1")
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void ambiguousOrLargeJsonIsRefused(String body, String why) {
        requireRefused(Buffer.buffer(body), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void onlyUtf8IsAccepted(String charset) {
        requireRefused(Buffer.buffer("{\"a\":1}".getBytes(Charset.forName(charset))), "in UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void aByteOrderMarkIsRefused(String charset) {
        requireRefused(Buffer.buffer("\ufeff{}".getBytes(Charset.forName(charset))), "in UTF-8");
    }

    @Test
    void invalidUtf8IsRefused() {
        requireRefused(Buffer.buffer("{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1)), "in UTF-8");
        requireRefused(
                Buffer.buffer("{\"a\":\"").appendBytes(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}), "in UTF-8");
        requireRefused(Buffer.buffer("{\"a\":\"" + "x".repeat(100_000)).appendByte((byte) 0xc3), "in UTF-8");
    }

    @Test
    void otherJsonIsParsed() {
        assertThat(new JsonBody().parse(Buffer.buffer("{}"))).isEqualTo(new JsonObject());
        String json = " {\"a\":{\"a\":[{\"a\":1},{\"a\":2.5e3}]},\"b\":[null,true,\"é\u20ac\ud83d\ude00\"]} \n";
        assertThat(new JsonBody().parse(Buffer.buffer(json))).isEqualTo(new JsonObject(json));
    }

    @Test
    void theLargestAllowedBodiesAreAccepted() {
        String cookie = "{" + keys(9) + "},";
        assertThatCode(() -> {
                    new JsonBody().parse(Buffer.buffer("{\"cookies\":[" + cookie.repeat(999) + "{}],\"timeout\":1}"));
                    new JsonBody().parse(Buffer.buffer("{\"content\":\"" + "A".repeat(30 << 20) + "\"}"));
                    new JsonBody().parse(Buffer.buffer("{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}"));
                })
                .doesNotThrowAnyException();
    }
}
