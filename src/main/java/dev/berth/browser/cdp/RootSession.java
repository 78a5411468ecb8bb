package dev.berth.browser.cdp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The conversation with a Chrome outside any CDP session: parties get their sessions by it, and lose them. Chrome also answers there a
 * command for a session that has ended. On the event loop of the pipe.
 */
final class RootSession {
    private static final int NO_SUCH_SESSION = -32001;
    private static final int MAX_BYTES = 1 << 16;

    private final Consumer<byte[]> pipe;
    private final Map<Integer, Promise<JsonObject>> asked = new HashMap<>();
    private Attachment latest = new Attachment(false, "", "", "", "");
    private int lastId;

    /** A notice of the root session about other sessions. */
    sealed interface Notice {
        /** A command had no session any more. */
        record NoSuchSession(long command) implements Notice {}

        /** A party's session has ended. */
        record Detached(String sessionId) implements Notice {}
    }

    /** @param pipe gets each command with the NUL behind it */
    RootSession(Consumer<byte[]> pipe) {
        this.pipe = pipe;
    }

    /** A new session of the browser, or of this page. */
    Future<Attachment> attach(Optional<String> page) {
        return page.map(id -> ask(
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", id).put("flatten", true)))
                .orElseGet(() -> ask("Target.attachToBrowserTarget"))
                .map(this::attached);
    }

    /** The answer to a command without parameters, as it comes. */
    Future<JsonObject> ask(String method) {
        return ask(method, new JsonObject());
    }

    Future<JsonObject> ask(String method, JsonObject params) {
        Promise<JsonObject> answer = Promise.promise();
        asked.put(send(method, params), answer);
        return answer.future();
    }

    void detach(String sessionId) {
        send("Target.detachFromTarget", new JsonObject().put("sessionId", sessionId));
    }

    void closeTarget(String targetId) {
        send("Target.closeTarget", new JsonObject().put("targetId", targetId));
    }

    private int send(String method, JsonObject params) {
        int id = ++lastId;
        write(new JsonObject().put("id", id).put("method", method).put("params", params));
        return id;
    }

    /** A command of any session's. */
    void write(JsonObject command) {
        pipe.accept((command.encode() + '\0').getBytes(StandardCharsets.UTF_8));
    }

    Optional<Notice> told(byte[] bytes, int from, int to) {
        Optional<Attachment> attachment = Attachment.parse(bytes, from, to);
        if (attachment.isPresent() && attachment.get().attached()) {
            latest = attachment.get(); // its answer comes next
            return Optional.empty();
        } else if (attachment.isPresent()) {
            return Optional.of(new Notice.Detached(attachment.get().sessionId()));
        }
        return to - from > MAX_BYTES ? Optional.empty() : answered(bytes, from, to);
    }

    private Optional<Notice> answered(byte[] bytes, int from, int to) {
        JsonObject answer;
        try {
            answer = Buffer.buffer().appendBytes(bytes, from, to - from).toJsonObject();
        } catch (DecodeException e) {
            return Optional.empty(); // not an answer: Chrome's are JSON
        }
        if (!(answer.getValue("id") instanceof Integer id)) {
            return Optional.empty(); // nobody can tell whose it was
        } else if (answer.getValue("error") instanceof JsonObject error
                && Integer.valueOf(NO_SUCH_SESSION).equals(error.getValue("code"))) {
            return Optional.of(new Notice.NoSuchSession(id));
        }
        Optional.ofNullable(asked.remove(id)).ifPresent(waiting -> waiting.complete(answer));
        return Optional.empty();
    }

    private Attachment attached(JsonObject answer) {
        if (answer.getValue("result") instanceof JsonObject result
                && latest.sessionId().equals(result.getValue("sessionId"))) {
            return latest;
        }
        throw new IllegalStateException("Chrome created no session: " + answer.encode());
    }

    /** Fails the commands that wait for answers: none comes any more. */
    void close() {
        Map.copyOf(asked).values().forEach(waiting -> waiting.tryFail("Chrome has closed its pipe"));
        asked.clear();
    }
}
