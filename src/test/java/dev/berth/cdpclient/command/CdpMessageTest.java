package dev.berth.cdpclient.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CdpMessageTest {
    private static CdpMessage read(String message) {
        return CdpMessage.read(CommandTextTest.text(message));
    }

    /** The message, with large parameters before all else. */
    private static CdpMessage readLarge(String message) {
        return read("{\"params\":{\"x\":\"" + "\\\\ö\\\"y".repeat(200_000) + "\"}," + message.substring(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "{\"id\":1,\"method\":\"Browser.close\"} | 1 | Browser.close | '' | 1",
                "{\"method\":\"A.b\",\"params\":{\"method\":\"C.d\",\"id\":7,\"sessionId\":\"P\"},\"id\":1e308} | 1e308 | A.b | '' | 1",
                " {\"sessionId\" : \"S\" ,\"id\" :\t-0} | -0 |  | S | -1",
                "{\"id\":18446744073709551616,\"sessionId\":\"\"} | 18446744073709551616 |  |  | 40",
                "{\"id\":1.0} | 1.0 |  |  | 1",
                "{\"id\":\"x\"} |  |  |  | 1",
                "{\"id\":{\"id\":3}} |  |  |  | 1",
                "{\"id\":1,\"\\u006dethod\":\"Browser.clos\\u0065\"} | 1 | Browser.close | '' | 1",
                "{} |  |  |  | 1"
            })
    void hasTheKeysOfTheObjectItself(String message, String id, String method, String session, long place) {
        CdpMessage read = read(message);
        assertThat(read.fault()).isEmpty();
        assertThat(read.id()).isEqualTo(text(id));
        assertThat(read.method()).isEqualTo(text(method));
        assertThat(read.session()).isEqualTo(text(session));
        assertThat(read.sessionPlace()).isEqualTo(place);
    }

    private static String text(String given) {
        return given == null || given.equals("''") ? "" : given;
    }

    @Test
    void aLargeMessageIsReadLikeASmallOne() {
        CdpMessage read = readLarge("{\"id\":7,\"method\":\"Page.navigate\",\"sessionId\":\"\"}");
        assertThat(read.fault()).isEmpty();
        assertThat(read.isLarge()).isTrue();
        assertThat(read.number()).hasValue(7);
        assertThat(read.method()).isEqualTo("Page.navigate");
        assertThat(read.command().params()).isEmpty();
        assertThat(read.sessionPlace())
                .isEqualTo(
                        17 + 200_000 * 7 + 3 + "\"id\":7,\"method\":\"Page.navigate\",\"sessionId\":\"".length() - 1);
        assertThat(readLarge("{\"id\":7,\"params\":{}}").fault()).isPresent();
        assertThat(readLarge("{\"id\":7,}").fault()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "[]",
                "1",
                "\"x\"",
                "garbage",
                "{\"id\":1",
                "{\"id\":1}}",
                "{\"id\":1} {\"id\":2}",
                "{\"id\":1}x",
                "{\"id\":1}\0",
                "{\"id\":1}\0{\"id\":2}",
                "{\0\"\0i\0d\0\"\0:\0001\0}\0",
                "{\"a\":\"\0\"}",
                "{\"a\":\"\n\"}",
                "/**/{\"id\":1}",
                "{/**/\"id\":1}",
                "{\"id\":1//\n}",
                "{\"id\":1,\u000b\"method\":\"A.b\"}",
                "{\"id\":1,}",
                "{,\"id\":1}",
                "{\"id\" 1}",
                "{\"a\":[1,]}",
                "{\"a\":[1}",
                "{\"a\":[1}}",
                "{\"a\":{\"b\":1]}",
                "{\"a\":[\"b\":1]}",
                "{1:2}",
                "{\"id\":01}",
                "{\"id\":1.}",
                "{\"id\":-}",
                "{\"id\":+1}",
                "{\"a\":tru}",
                "{\"a\":truex}",
                "{\"a\":NaN}",
                "{\"a\":'x'}",
                "{\"a\":\"\\x41\"}",
                "{\"a\":\"\\v\"}",
                "{\"a\":\"\\u00g0\"}",
                "{\"id\":1,\"id\":1}",
                "{\"id\":1,\"\\u0069d\":2}",
                "{\"method\":\"A.b\",\"method\":\"A.b\"}",
                "{\"params\":{},\"params\":{}}",
                "{\"sessionId\":\"\",\"sessionId\":\"\"}",
                "{\"id\":1,\"method\":\"A.b\\\",\\\"c\"}",
                "{\"id\":1,\"sessionId\":\"S\\u0022\"}",
                "{\"method\":1}",
                "{\"method\":{}}",
                "{\"sessionId\":null}",
                "{\"sessionId\":[\"S\"]}"
            })
    void ambiguousMessagesAreFaulty(String message) {
        assertThat(read(message).fault()).isPresent();
    }

    @Test
    void namesAndIdsHaveAMaximumLength() {
        assertThat(read("{\"method\":\"" + "x".repeat(101) + "\"}").fault()).isPresent();
        assertThat(read("{\"sessionId\":\"" + "x".repeat(101) + "\"}").fault()).isPresent();
        assertThat(readLarge("{\"method\":\"" + "x".repeat(2_000_000) + "\"}").fault())
                .isPresent();
        assertThat(read("{\"id\":" + "1".repeat(65) + "}").fault()).isPresent();
        assertThat(read("{\"x\":" + "1".repeat(65) + "}").fault()).isEmpty();
    }

    @Test
    void nestingHasAMaximumDepth() {
        assertThat(read("{\"a\":" + "[".repeat(299) + "]".repeat(299) + "}").fault())
                .isEmpty();
        assertThat(read("{\"a\":" + "[".repeat(300) + "]".repeat(300) + "}").fault())
                .isPresent();
    }

    @Test
    void anIdThatWasReadBeforeAFaultIsKnown() {
        assertThat(read("{\"id\":12,\"a\":}").id()).isEqualTo("12");
        assertThat(read("{\"sessionId\":\"ab\\u0000").session()).isEmpty();
    }

    @Test
    void anIdIsWhatChromeTakesForOne() {
        assertThat(read("{\"id\":1.0}").number()).hasValue(1);
        assertThat(read("{\"id\":1e2}").number()).hasValue(100);
        assertThat(read("{\"id\":-0}").number()).hasValue(0);
        for (String other : List.of("2147483648", "18446744073709551616", "1e308", "1e999", "1.5", "\"1\"", "null")) {
            assertThat(read("{\"id\":" + other + "}").number()).as(other).isEmpty();
        }
    }

    // Parameters

    private static CdpMessage readParams(JsonObject params) {
        return read(new JsonObject()
                .put("id", 7)
                .put("method", "Page.navigate")
                .put("params", params)
                .encode());
    }

    @Test
    void parametersAreReadWhereTheyAreLookedAt() {
        String params =
                "\"params\":{\"url\":\"x:\\u0079\",\"n\":1,\"b\":true,\"l\":[\"a\",1,{}],\"o\":{\"url\":\"z\"}}";
        for (String message : List.of(
                "{\"id\":1,\"method\":\"Page.navigate\"," + params + "}",
                "{" + params + ",\"id\":1,\"method\":\"Page.navigate\"}")) {
            CdpCommand command = read(message).command();
            assertThat(command.text("url")).contains("x:y");
            assertThat(command.number("n")).contains(1);
            assertThat(command.params().get("b")).isEqualTo(true);
            assertThat(command.texts("l")).containsExactly("a");
        }
        assertThat(read("{\"id\":1,\"method\":\"Runtime.evaluate\"," + params + "}")
                        .command()
                        .params())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"url\":\"a:b\",\"url\":\"file:///\"", "\"data\":{\"files\":[],\"files\":[\"/x\"]}"})
    void parametersMustNotRepeat(String params) {
        assertThat(read("{\"id\":1,\"method\":\"Page.navigate\",\"params\":{" + params + "}}")
                        .faultOfParams())
                .contains("params has a duplicate key");
    }

    /** Colliding keys of a hash table are compared with each other, which takes long unless there are few. */
    @Test
    void aCommandHasFewKeys() {
        assertThat(readParams(keys(200)).command().params()).hasSize(200);
        assertThat(readParams(keys(200)).faultOfParams()).isEmpty();
        assertThat(readParams(keys(201)).faultOfParams()).contains("params has too many entries");
        assertThat(read(keys(202).encode()).fault()).isPresent();
    }

    private static JsonObject keys(int count) {
        JsonObject keys = new JsonObject();
        for (int i = 0; i < count; i++) {
            keys.put(Integer.toBinaryString(1 << 14 | i).replace("0", "Aa").replace("1", "BB"), i);
        }
        return keys;
    }

    @Test
    void theNumberOfValuesIsLimited() {
        JsonObject files = new JsonObject().put("files", new JsonArray(Collections.nCopies(10_001, "x")));
        assertThat(readParams(files).faultOfParams()).isEqualTo(Optional.of("a list is too long"));
    }
}
