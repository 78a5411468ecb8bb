package dev.berth.browser;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/**
 * A raw CDP connection to a browser, flat sessions. Lives on the context that connected it: events come there, in the order
 * in which Chrome sent them.
 */
final class CdpConnection {
    private static final long COMMAND_TIMEOUT_MILLIS = 10_000;
    /** Why Chrome is gone is heard from its process a moment later, and the better answer to whoever waits. */
    private static final long GONE_MILLIS = 1_000;

    /** The session of the browser itself. */
    static final String BROWSER = "";

    private final Vertx vertx;
    private final WebSocket socket;
    private final Map<Integer, Promise<JsonObject>> pending = new HashMap<>();
    private Handler<CdpEvent> events = event -> {};
    private final Promise<Void> closed = Promise.promise();
    private int lastId;

    private CdpConnection(Vertx vertx, WebSocket socket) {
        this.vertx = vertx;
        this.socket = socket;
        socket.textMessageHandler(text -> receive(new JsonObject(text)));
        socket.closeHandler(ignored -> {
            closed.tryComplete();
            vertx.setTimer(GONE_MILLIS, late -> failPending());
        });
    }

    static Future<CdpConnection> connect(Vertx vertx, WebSocketClient client, ChromeProcess.Endpoint endpoint) {
        return client.connect(endpoint.port(), "127.0.0.1", endpoint.path()).map(ws -> new CdpConnection(vertx, ws));
    }

    /**
     * An event of a target.
     *
     * @param sessionId of the target; {@link #BROWSER} for the browser
     */
    record CdpEvent(String sessionId, String method, JsonObject params) {}

    void onEvent(Handler<CdpEvent> handler) {
        events = handler;
    }

    /** The result of a command, or a failure with Chrome's message. */
    Future<JsonObject> send(String sessionId, String method, JsonObject params) {
        return send(sessionId, method, params, COMMAND_TIMEOUT_MILLIS);
    }

    Future<JsonObject> send(String sessionId, String method, JsonObject params, long timeoutMillis) {
        int id = ++lastId;
        JsonObject message =
                new JsonObject().put("id", id).put("method", method).put("params", params);
        if (!sessionId.equals(BROWSER)) {
            message.put("sessionId", sessionId);
        }
        Promise<JsonObject> reply = Promise.promise();
        pending.put(id, reply);
        socket.writeTextMessage(message.encode()).onFailure(reply::tryFail);
        long timer = vertx.setTimer(timeoutMillis, ignored -> reply.tryFail(Failures.timeout(method, timeoutMillis)));
        return reply.future().onComplete(ignored -> {
            vertx.cancelTimer(timer);
            pending.remove(id);
        });
    }

    /** Completes when it is closed, by whomever. */
    Future<Void> closed() {
        return closed.future();
    }

    void pause() {
        socket.pause();
    }

    void resume() {
        socket.resume();
    }

    Future<Void> close() {
        return socket.close();
    }

    private void receive(JsonObject message) {
        Integer id = message.getInteger("id");
        if (id == null) {
            events.handle(new CdpEvent(
                    message.getString("sessionId", BROWSER),
                    message.getString("method"),
                    message.getJsonObject("params", new JsonObject())));
            return;
        }
        Promise<JsonObject> reply = pending.get(id);
        if (reply == null) {
            return; // it came after its timeout
        }
        JsonObject error = message.getJsonObject("error");
        if (error == null) {
            reply.tryComplete(message.getJsonObject("result"));
        } else {
            reply.tryFail(error.getString("message"));
        }
    }

    private void failPending() {
        Map.copyOf(pending).values().forEach(reply -> reply.tryFail("the browser is gone"));
    }
}
