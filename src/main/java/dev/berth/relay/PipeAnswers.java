package dev.berth.relay;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** Reads from Chrome's pipe what is for no client; what is too long to be an answer to Berth is passed over. */
final class PipeAnswers implements PipeMessages.Reader {
    private static final int MAX_BYTES = 4_096;

    private final Consumer<JsonObject> onAnswer;
    private Buffer message = Buffer.buffer();
    private boolean skipping;

    PipeAnswers(Consumer<JsonObject> onAnswer) {
        this.onAnswer = onAnswer;
    }

    /** @param begun whether what comes now is the end of a message whose beginning was read by another */
    void startWithin(boolean begun) {
        skipping = begun;
    }

    @Override
    public void piece(byte[] bytes, int from, int to, boolean last) {
        if (message.length() + to - from > MAX_BYTES) {
            skipping = true;
        }
        if (!skipping) {
            message.appendBytes(bytes, from, to - from);
        }
        if (last) {
            if (!skipping) {
                read();
            }
            skipping = false;
            message = Buffer.buffer();
        }
    }

    private void read() {
        JsonObject json;
        try {
            json = message.toJsonObject();
        } catch (DecodeException e) {
            return; // not an answer: Chrome's are JSON
        }
        // A session's messages have its id beside these.
        if (!json.containsKey("sessionId")) {
            onAnswer.accept(json);
        }
    }
}
