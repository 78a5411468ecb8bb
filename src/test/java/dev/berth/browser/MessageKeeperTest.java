package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageKeeperTest {
    private static final int MAX = MessageKeeper.MAX_TEXT_CHARS;
    private static final int WHOLE_ID = 7;
    private static final int WHOLE_BYTES = 10_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> heard = new ArrayList<>();
    private final List<Long> hidden = new ArrayList<>();
    private final MessageKeeper keeper =
            new MessageKeeper(id -> id == WHOLE_ID ? WHOLE_BYTES : 0, new MessageKeeper.Listener() {
                @Override
                public void message(byte[] json, int length, long hiddenChars) {
                    heard.add(new String(json, 0, length, StandardCharsets.UTF_8));
                    hidden.add(hiddenChars);
                }

                @Override
                public void oversizedEvent(String sessionId, String method, long bytes) {
                    heard.add("event " + sessionId + " " + method + " " + bytes);
                }

                @Override
                public void oversizedAnswer(int id, long bytes) {
                    heard.add("answer " + id + " " + bytes);
                }
            });

    /** In pieces of random sizes. */
    private void feed(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(message.length());
        int at = 0;
        while (at < bytes.length) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(random.nextBoolean() ? 5 : 70_000));
            keeper.piece(bytes, at, end, false);
            at = end;
        }
        keeper.piece(bytes, at, at, true);
    }

    private static String line(String text) {
        return "{\"method\":\"Runtime.consoleAPICalled\",\"params\":{\"type\":\"log\",\"args\":[{\"type\":\"string\",\"value\":\""
                + text + "\"}],\"timestamp\":1.5},\"sessionId\":\"AB12\"}";
    }

    private static String valueOf(String message) throws IOException {
        JsonNode event = JSON.readTree(message);
        assertThat(event.at("/sessionId").asText()).isEqualTo("AB12");
        assertThat(event.at("/params/timestamp").asDouble()).isEqualTo(1.5);
        return event.at("/params/args/0/value").asText();
    }

    @Test
    void givesWhatIsShortAsItCame() {
        String message = line("a \\\"quoted\\\\ é 😀 \\u00e9 text");
        feed(message);
        feed("{\"id\":1,\"result\":{}}");
        assertThat(heard).containsExactly(message, "{\"id\":1,\"result\":{}}");
        assertThat(hidden).containsOnly(0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "€", "\\\"", "\\\\", "\\u00e9", "\\n"})
    void cutsALongTextAndCountsWhatIsMissing(String character) throws IOException {
        String one = JSON.readTree('"' + character + '"').asText();
        feed(line(character.repeat(100_000)));
        assertThat(valueOf(heard.get(0))).isEqualTo(one.repeat(MAX));
        assertThat(hidden).containsExactly(100_000L - MAX);
    }

    @Test
    void aTextOfExactlyTheLimitIsWhole() throws IOException {
        feed(line("x".repeat(MAX)));
        assertThat(valueOf(heard.get(0))).hasSize(MAX);
        assertThat(hidden).containsExactly(0L);
    }

    @Test
    void countsCharactersAsJavaDoes() throws IOException {
        feed(line("😀".repeat(20_000)));
        assertThat(valueOf(heard.get(0))).isEqualTo("😀".repeat(MAX / 2));
        assertThat(hidden).containsExactly(40_000L - MAX);
    }

    @Test
    void holdsNothingOfALineThatIsCut() throws IOException {
        byte[] piece = "x".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
        String[] ends = line("|").split("\\|");
        keeper.piece(ends[0].getBytes(StandardCharsets.UTF_8), 0, ends[0].length(), false);
        for (int i = 0; i < 4_000; i++) {
            keeper.piece(piece, 0, piece.length, false);
        }
        keeper.piece(ends[1].getBytes(StandardCharsets.UTF_8), 0, ends[1].length(), true);
        assertThat(valueOf(heard.get(0))).hasSize(MAX);
        assertThat(hidden).containsExactly(4_000L * (1 << 16) - MAX);
    }

    @Test
    void anEventOfVeryManyTextsIsToldByItsSize() {
        String message = line("x\"},{\"type\":\"string\",\"value\":\"y".repeat(100_000));
        feed(message);
        feed(line("next"));
        assertThat(heard).containsExactly("event AB12 Runtime.consoleAPICalled " + message.length(), line("next"));
    }

    @Test
    void anAnswerIsWholeWhereThatIsWanted() {
        String message = "{\"id\":7,\"result\":{\"data\":\"" + "x".repeat(5_000_000) + "\"}}";
        feed(message);
        assertThat(heard).containsExactly(message);
    }

    @Test
    void anAnswerThatIsLargerThanWantedIsToldByItsSize() {
        String message = "{\"id\":7,\"result\":{\"data\":\"" + "x".repeat(WHOLE_BYTES) + "\"}}";
        feed(message);
        keeper.piece(message.getBytes(StandardCharsets.UTF_8), 0, message.length(), true);
        assertThat(heard).containsExactly("answer 7 " + message.length(), "answer 7 " + message.length());
    }

    @Test
    void anotherAnswerIsCutAsAnEventIs() {
        feed("{\"id\":70,\"result\":{\"title\":\"" + "x".repeat(5_000_000) + "\"},\"sessionId\":\"AB12\"}");
        assertThat(heard)
                .containsExactly(
                        "{\"id\":70,\"result\":{\"title\":\"" + "x".repeat(MAX) + "\"},\"sessionId\":\"AB12\"}");
    }
}
