package dev.berth.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** A CDP client that does as little as it can; on one event loop. */
final class CdpClient {
    private static final String REPLY = "{\"id\":";

    private final WebSocketClient sockets;
    private final WebSocket socket;
    private final Map<Integer, Promise<String>> pending = new HashMap<>();
    private int lastId;
    private String page;

    private CdpClient(WebSocketClient sockets, WebSocket socket) {
        this.sockets = sockets;
        this.socket = socket;
        socket.textMessageHandler(this::receive);
    }

    /** A client that is attached to the first page. */
    static CdpClient connect(Vertx vertx, Context context, String url) {
        Promise<CdpClient> ready = Promise.promise();
        WebSocketClient sockets = vertx.createWebSocketClient();
        context.runOnContext(ignored -> sockets.connect(new WebSocketConnectOptions()
                        .setAbsoluteURI(url)
                        // Chrome refuses those that say where they come from.
                        .setAllowOriginHeader(false))
                .map(socket -> new CdpClient(sockets, socket))
                .compose(client -> client.attach().map(client))
                .onComplete(ready));
        return Rig.await(ready.future());
    }

    private Future<Void> attach() {
        return send("{\"id\":%d,\"method\":\"Target.getTargets\"}")
                .map(CdpClient::firstPage)
                .compose(target -> send("{\"id\":%d,\"method\":\"Target.attachToTarget\",\"params\":{\"targetId\":\""
                        + target + "\",\"flatten\":true}}"))
                .onSuccess(reply ->
                        page = new JsonObject(reply).getJsonObject("result").getString("sessionId"))
                .mapEmpty();
    }

    private static String firstPage(String reply) {
        return new JsonObject(reply)
                .getJsonObject("result").getJsonArray("targetInfos").stream()
                        .map(JsonObject.class::cast)
                        .filter(info -> info.getString("type").equals("page"))
                        .findFirst()
                        .orElseThrow()
                        .getString("targetId");
    }

    private Future<String> send(String withId) {
        int id = ++lastId;
        return write(id, withId.formatted(id));
    }

    private Future<String> write(int id, String text) {
        Promise<String> reply = Promise.promise();
        pending.put(id, reply);
        return socket.writeTextMessage(text).compose(written -> reply.future());
    }

    /** One evaluation of {@code 1+1} in the page. */
    Future<String> roundTrip() {
        int id = ++lastId;
        return write(
                id,
                REPLY + id + ",\"method\":\"Runtime.evaluate\",\"params\":{\"expression\":\"1+1\"},\"sessionId\":\""
                        + page + "\"}");
    }

    /** Tells the page to load {@code url}. */
    Future<String> navigate(String url) {
        return send("{\"id\":%d,\"method\":\"Page.navigate\",\"params\":{\"url\":\"" + url + "\"},\"sessionId\":\""
                + page + "\"}");
    }

    private void receive(String text) {
        if (text.startsWith(REPLY)) {
            int id = Integer.parseInt(text, REPLY.length(), text.indexOf(',', REPLY.length()), 10);
            pending.remove(id).complete(text);
        }
    }

    void close() {
        Rig.await(socket.close());
        Rig.await(sockets.close());
    }
}
