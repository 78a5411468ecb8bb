package dev.berth.websocket;

import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Opens Chrome's WebSocket over plain TCP; then asks which target this connection is.
 */
public final class SocketHandshake {
    private static final int MAX_HEAD_BYTES = 8_192;
    private static final long TIMEOUT_SECONDS = 10;
    private static final String END_OF_HEAD = "\r\n\r\n";
    /** Any will do: no cache stands between us and Chrome. */
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private static final byte[] WHO_AM_I =
            "{\"id\":1,\"method\":\"Target.getTargetInfo\"}".getBytes(StandardCharsets.US_ASCII);

    private final NetSocket socket;
    private final Promise<Opened> opened;
    private final Buffer read = Buffer.buffer();
    private boolean granted;

    private SocketHandshake(ContextInternal context, NetSocket socket) {
        this.opened = context.promise();
        this.socket = socket;
    }

    /**
     * @param socket paused, with nothing on its way but answers
     * @param targetId of this connection
     */
    public record Opened(NetSocket socket, String targetId) {}

    public static Future<Opened> open(ContextInternal context, NetClient client, CdpEndpoint endpoint) {
        return client.connect(endpoint.port(), endpoint.host())
                .compose(socket -> new SocketHandshake(context, socket).shake(endpoint));
    }

    private Future<Opened> shake(CdpEndpoint endpoint) {
        socket.handler(chunk -> {
            read.appendBuffer(chunk);
            if (granted) {
                readTarget();
            } else {
                readHead();
            }
        });
        socket.closeHandler(closed -> opened.tryFail("it closed the connection"));
        socket.exceptionHandler(opened::tryFail);
        return socket.write(request(endpoint))
                .compose(sent -> opened.future().timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .onFailure(e -> socket.close());
    }

    private static String request(CdpEndpoint endpoint) {
        return String.join(
                "\r\n",
                "GET " + endpoint.path() + " HTTP/1.1",
                "Host: " + endpoint.host() + ":" + endpoint.port(),
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + KEY,
                "",
                "");
    }

    private void readHead() {
        String head = read.getString(0, Math.min(read.length(), MAX_HEAD_BYTES), "ISO-8859-1");
        int end = head.indexOf(END_OF_HEAD);
        if (end < 0) {
            if (read.length() >= MAX_HEAD_BYTES) {
                opened.tryFail("it does not speak HTTP");
            }
            return;
        }
        if (!head.startsWith("HTTP/1.1 101 ")) {
            opened.tryFail(
                    "it refuses the WebSocket: " + head.lines().findFirst().orElse(""));
            return;
        }
        granted = true;
        Buffer question = Buffer.buffer();
        Frames.appendHeadForChrome(question, WHO_AM_I.length);
        socket.write(question.appendBytes(WHO_AM_I)).onFailure(opened::tryFail);
    }

    /** The answer is the last thing that has come: its JSON begins where its frame's head ends, and ends with it. */
    private void readTarget() {
        String text = read.toString(StandardCharsets.ISO_8859_1);
        int frame = text.indexOf(END_OF_HEAD) + END_OF_HEAD.length();
        int json = text.indexOf("{\"id\"", frame);
        if (text.length() - frame > MAX_HEAD_BYTES) {
            opened.tryFail("it does not say which target this is");
        } else if (json >= 0 && text.endsWith("}}}")) {
            socket.pause();
            opened.tryComplete(new Opened(socket, targetId(text.substring(json))));
        }
    }

    private static String targetId(String answer) {
        JsonObject none = new JsonObject();
        try {
            return new JsonObject(answer)
                    .getJsonObject("result", none)
                    .getJsonObject("targetInfo", none)
                    .getString("targetId", "");
        } catch (DecodeException e) {
            return "";
        }
    }
}
