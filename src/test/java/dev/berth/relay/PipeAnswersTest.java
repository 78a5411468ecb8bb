package dev.berth.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipeAnswersTest {
    private final List<JsonObject> heard = new ArrayList<>();
    private final PipeAnswers answers = new PipeAnswers(heard::add);
    private final PipeMessages messages = new PipeMessages(answers);

    private void feed(String chunk) {
        byte[] bytes = chunk.getBytes(StandardCharsets.UTF_8);
        messages.feed(bytes, bytes.length);
    }

    @Test
    void onlyWhatIsForNoSessionIsHeard() {
        feed("{\"method\":\"e\",\"sessionId\":\"S\"}\0{\"id\":7,\"res");
        feed("ult\":{}}\0not JSON\0[1]\0");
        assertThat(heard).containsExactly(new JsonObject("{\"id\":7,\"result\":{}}"));
    }

    @Test
    void whatIsTooLongIsPassedOver() {
        feed("{\"id\":7,\"x\":\"" + "x".repeat(5_000));
        feed("\"}\0{\"id\":8}\0");
        assertThat(heard).containsExactly(new JsonObject("{\"id\":8}"));
    }

    @Test
    void theEndOfWhatAnotherBeganIsSkipped() {
        answers.startWithin(true);
        feed("{\"id\":7}");
        feed("\0{\"id\":8}\0");
        assertThat(heard).containsExactly(new JsonObject("{\"id\":8}"));
    }
}
