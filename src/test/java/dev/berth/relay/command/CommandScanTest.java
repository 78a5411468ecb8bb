package dev.berth.relay.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandScanTest {
    private final CommandScan scan = new CommandScan();

    private CommandScan read(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        scan.reset();
        scan.feed(bytes, 0, bytes.length);
        return scan;
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
                "{} |  |  |  | 1"
            })
    void extractsTopLevelKeys(String message, String id, String method, String session, long place) {
        read(message);
        assertThat(scan.faultAtEnd()).isEmpty();
        assertThat(scan.id()).isEqualTo(text(id));
        assertThat(scan.method()).isEqualTo(text(method));
        assertThat(scan.session()).isEqualTo(text(session));
        assertThat(scan.sessionPlace()).isEqualTo(place);
    }

    private static String text(String given) {
        return given == null || given.equals("''") ? "" : given;
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
                "{\"a\":\"\0\"}",
                "{\"a\":\"\n\"}",
                "/**/{\"id\":1}",
                "{/**/\"id\":1}",
                "{\"id\":1//\n}",
                "{\"id\":1,\u000b\"method\":\"A.b\"}",
                "\ufeff{\"id\":1}",
                "{\"id\":1,}",
                "{,\"id\":1}",
                "{\"id\" 1}",
                "{\"a\":[1,]}",
                "{\"a\":[1}",
                "{\"a\":[1}}",
                "{\"a\":{\"b\":1]}",
                "{\"a\":[1]]",
                "{\"a\":{]}",
                "{\"a\":[\"b\":1]}",
                "{1:2}",
                "{\"id\":01}",
                "{\"id\":1.}",
                "{\"id\":-}",
                "{\"id\":+1}",
                "{\"id\":1e}",
                "{\"a\":tru}",
                "{\"a\":truex}",
                "{\"a\":NaN}",
                "{\"a\":'x'}",
                "{\"a\":\"\\x41\"}",
                "{\"a\":\"\\v\"}",
                "{\"a\":\"\\u00g0\"}",
                "{\"a\":\"\\u00\"}",
                "{\"id\":1,\"id\":1}",
                "{\"method\":\"A.b\",\"method\":\"A.b\"}",
                "{\"params\":{},\"params\":{}}",
                "{\"sessionId\":\"\",\"sessionId\":\"\"}",
                "{\"id\":1,\"\\u006dethod\":\"Browser.close\"}",
                "{\"id\":1,\"method\":\"Browser\\u002eclose\"}",
                "{\"id\":1,\"sessionId\":\"\\u0053\"}",
                "{\"method\":1}",
                "{\"method\":{}}",
                "{\"sessionId\":null}",
                "{\"sessionId\":[\"S\"]}"
            })
    void ambiguousMessagesAreFaulty(String message) {
        read(message);
        assertThat(scan.faultAtEnd()).isPresent();
    }

    @Test
    void namesAndIdsHaveAMaximumLength() {
        assertThat(read("{\"method\":\"" + "x".repeat(101) + "\"}").faultAtEnd())
                .isPresent();
        assertThat(read("{\"sessionId\":\"" + "x".repeat(101) + "\"}").faultAtEnd())
                .isPresent();
        assertThat(read("{\"id\":" + "1".repeat(65) + "}").faultAtEnd()).isPresent();
        assertThat(read("{\"x\":" + "1".repeat(65) + "}").faultAtEnd()).isEmpty();
    }

    @Test
    void nestingHasAMaximumDepth() {
        assertThat(read("{\"a\":" + "[".repeat(299) + "]".repeat(299) + "}").faultAtEnd())
                .isEmpty();
        assertThat(read("{\"a\":" + "[".repeat(300) + "]".repeat(300) + "}").faultAtEnd())
                .isPresent();
    }

    @Test
    void anIdThatWasReadBeforeAFaultIsKnown() {
        assertThat(read("{\"id\":12,\"a\":}").id()).isEqualTo("12");
        assertThat(read("{\"id\":12").id()).isEmpty();
        assertThat(read("{\"sessionId\":\"ab\\u0000").session()).isEmpty();
    }

    /** Some are damaged, and then mostly no JSON. Jackson, which accepts nothing but JSON, decides. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void anyMessageInAnyPiecesIsReadAsByJackson(long seed) {
        Random random = new Random(seed);
        RandomCommands commands = new RandomCommands(random);
        for (int i = 0; i < 2_000; i++) {
            String message = commands.next();
            feedInPieces(message, random);
            Optional<ReadCommand> other = ReadCommand.of(message);
            assertThat(scan.faultAtEnd().isEmpty()).as(message).isEqualTo(other.isPresent());
            other.ifPresent(command -> assertThat(new ReadCommand(
                            scan.id(), scan.method(), scan.session(), scan.hasOthers(), scan.hasEmptySession()))
                    .as(message)
                    .isEqualTo(command));
        }
    }

    private void feedInPieces(String message, Random random) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        scan.reset();
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + random.nextInt(12));
            scan.feed(bytes, from, to);
            from = to;
        }
    }
}
