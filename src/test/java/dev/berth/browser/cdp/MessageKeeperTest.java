package dev.berth.browser.cdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    private final MessageKeeper keeper = new MessageKeeper(new MessageKeeper.Listener() {
        @Override
        public void message(byte[] json, int length) {
            heard.add(new String(json, 0, length, StandardCharsets.UTF_8));
            if (failing) {
                failing = false;
                throw new IllegalStateException("on purpose");
            }
        }

        @Override
        public void oversizedEvent(String sessionId, String method, long bytes) {
            heard.add("event " + sessionId + " " + method + " " + bytes);
        }

        @Override
        public void oversizedAnswer(int id, long bytes, int maxBytes) {
            heard.add("answer " + id + " " + bytes + " of " + maxBytes);
        }

        @Override
        public int wholeBytes(int id) {
            return id == WHOLE_ID ? WHOLE_BYTES : 0;
        }

        @Override
        public boolean hasRoom(int id, int bytes) {
            return bytes <= room;
        }

        @Override
        public void unheldAnswer(int id) {
            heard.add("no room for " + id);
        }
    });

    private boolean failing;
    private int room = Integer.MAX_VALUE;

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

    private static long hiddenOf(String message) throws IOException {
        return JSON.readTree(message)
                .at("/params/args/0/value" + MessageKeeper.HIDDEN)
                .asLong();
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
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "€", "\\\"", "\\\\", "\\u00e9", "\\n"})
    void cutsALongTextAndCountsWhatIsMissing(String character) throws IOException {
        String one = JSON.readTree('"' + character + '"').asText();
        feed(line(character.repeat(100_000)));
        assertThat(valueOf(heard.get(0))).isEqualTo(one.repeat(MAX));
        assertThat(hiddenOf(heard.get(0))).isEqualTo(100_000L - MAX);
    }

    @Test
    void aTextOfExactlyTheLimitIsWhole() throws IOException {
        feed(line("x".repeat(MAX)));
        assertThat(valueOf(heard.get(0))).hasSize(MAX);
        assertThat(hiddenOf(heard.get(0))).isEqualTo(0L);
    }

    @Test
    void countsCharactersAsJavaDoes() throws IOException {
        feed(line("😀".repeat(20_000)));
        assertThat(valueOf(heard.get(0))).isEqualTo("😀".repeat(MAX / 2));
        assertThat(hiddenOf(heard.get(0))).isEqualTo(40_000L - MAX);
    }

    @Test
    void holdsNothingOfALineThatIsCut() throws IOException {
        byte[] piece = "x".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
        String[] ends = line("|").split("\\|");
        keeper.piece(ends[0].getBytes(StandardCharsets.UTF_8), 0, ends[0].length(), false);
        for (int i = 0; i < 400; i++) {
            keeper.piece(piece, 0, piece.length, false);
        }
        keeper.piece(ends[1].getBytes(StandardCharsets.UTF_8), 0, ends[1].length(), true);
        assertThat(valueOf(heard.get(0))).hasSize(MAX);
        assertThat(hiddenOf(heard.get(0))).isEqualTo(400L * (1 << 16) - MAX);
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
        String told = "answer 7 " + message.length() + " of " + WHOLE_BYTES;
        assertThat(heard).containsExactly(told, told);
    }

    @Test
    void anotherAnswerIsCutAsAnEventIs() {
        feed("{\"id\":70,\"result\":{\"title\":\"" + "x".repeat(5_000_000) + "\"},\"sessionId\":\"AB12\"}");
        assertThat(heard)
                .containsExactly(
                        "{\"id\":70,\"result\":{\"title\":\"" + "x".repeat(MAX) + "\"},\"sessionId\":\"AB12\"}");
    }

    @Test
    void anAnswerThatNobodyWantsWholeIsToldByTheLimitItHas() {
        String message = "{\"id\":70,\"result\":{\"names\":[" + "\"x\",".repeat(2_000_000) + "0]}}";
        feed(message);
        assertThat(heard).containsExactly("answer 70 " + message.length() + " of " + KeptMessage.MAX_ANSWER_BYTES);
    }

    @Test
    void anAnswerForWhichThereIsNoRoomIsNotKept() {
        room = 3_000_000;
        feed("{\"id\":7,\"result\":{\"data\":\"" + "x".repeat(5_000_000) + "\"}}");
        feed("{\"id\":7,\"result\":{\"data\":\"" + "x".repeat(1_000) + "\"}}");
        assertThat(heard).hasSize(2).first().isEqualTo("no room for 7");
        assertThat(heard.get(1)).hasSizeGreaterThan(1_000);
    }

    @Test
    void aListenerThatThrowsMissesNothingElse() {
        failing = true;
        byte[] bytes = line("first").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> keeper.piece(bytes, 0, bytes.length, true)).hasMessage("on purpose");
        feed(line("second"));
        assertThat(heard).containsExactly(line("first"), line("second"));
    }

    @Test
    void aLineOfManyLongTextsStaysReadable() throws IOException {
        String text = "x".repeat(16_384);
        feed(line(text + ("\"},{\"type\":\"string\",\"value\":\"" + text).repeat(19)));
        JsonNode event = JSON.readTree(heard.get(0));
        assertThat(event.at("/sessionId").asText()).isEqualTo("AB12");
        assertThat(event.at("/params/args")).hasSize(20);
        assertThat(event.at("/params/args/7/value").asText()).isEqualTo(text);
        assertThat(event.at("/params/args/19/value").asText()).hasSize(MessageKeeper.MAX_LATE_TEXT_CHARS);
        assertThat(event.at("/params/args/19/value" + MessageKeeper.HIDDEN).asInt())
                .isEqualTo(16_384 - MessageKeeper.MAX_LATE_TEXT_CHARS);
    }

    @Test
    void anAnswersTextsAreNotBoundedTogether() {
        String message = "{\"id\":70,\"result\":{\"urls\":[" + ("\"" + "x".repeat(10_000) + "\",").repeat(50) + "0]}}";
        feed(message);
        assertThat(heard).containsExactly(message);
    }

    @Test
    void namesThatAPageGivesAreLeftAsTheyAre() throws IOException {
        feed("{\"method\":\"Network.requestWillBeSent\",\"params\":{\"headers\":{\"a\":\"" + "x".repeat(20_000)
                + "\"}}}");
        assertThat(JSON.readTree(heard.get(0)).at("/params/headers")).hasSize(1);
    }
}
