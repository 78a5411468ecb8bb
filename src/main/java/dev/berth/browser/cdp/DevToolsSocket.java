package dev.berth.browser.cdp;

import dev.berth.browser.DevToolsEndpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chrome's DevTools WebSocket over plain TCP: a message is given in the pieces in which it comes, because a page can make one of
 * hundreds of megabytes, and a WebSocket client would hold it whole. Lives on the context that connected it.
 */
final class DevToolsSocket {
    private static final Logger log = LoggerFactory.getLogger(DevToolsSocket.class);

    private static final int KEY_BYTES = 16;
    private static final int MAX_HEAD_BYTES = 8_192;
    private static final long TIMEOUT_SECONDS = 10;
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final int LAST_TEXT = 0x81;
    private static final int MASKED = 0x80;

    private final NetSocket socket;
    private final FrameReader frames = new FrameReader();
    private final Buffer early;

    /** @param early what Chrome sent right after its handshake */
    private DevToolsSocket(NetSocket socket, Buffer early) {
        this.socket = socket;
        this.early = early;
    }

    static Future<DevToolsSocket> connect(Vertx vertx, NetClient client, DevToolsEndpoint endpoint) {
        return client.connect(endpoint.port(), "127.0.0.1")
                .compose(socket ->
                        shakeHands(socket, endpoint, ((ContextInternal) vertx.getOrCreateContext()).promise()));
    }

    private static Future<DevToolsSocket> shakeHands(
            NetSocket socket, DevToolsEndpoint endpoint, Promise<DevToolsSocket> open) {
        Buffer answer = Buffer.buffer();
        socket.handler(chunk -> read(socket, answer.appendBuffer(chunk), open));
        socket.closeHandler(closed -> open.tryFail("Chrome closed the connection"));
        socket.exceptionHandler(open::tryFail);
        return socket.write(request(endpoint))
                .compose(sent -> open.future().timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .onFailure(e -> socket.close());
    }

    private static String request(DevToolsEndpoint endpoint) {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return String.join(
                "\r\n",
                "GET " + endpoint.path() + " HTTP/1.1",
                "Host: 127.0.0.1:" + endpoint.port(),
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + Base64.getEncoder().encodeToString(key),
                "",
                "");
    }

    private static void read(NetSocket socket, Buffer answer, Promise<DevToolsSocket> open) {
        String head =
                answer.getString(0, Math.min(answer.length(), MAX_HEAD_BYTES), StandardCharsets.ISO_8859_1.name());
        int end = head.indexOf(END_OF_HEAD);
        if (end < 0) {
            if (answer.length() >= MAX_HEAD_BYTES) {
                open.tryFail("Chrome does not speak HTTP");
            }
        } else if (head.startsWith("HTTP/1.1 101 ")) {
            socket.pause();
            open.tryComplete(new DevToolsSocket(socket, answer.getBuffer(end + END_OF_HEAD.length(), answer.length())));
        } else {
            open.tryFail(
                    "Chrome refuses the WebSocket: " + head.lines().findFirst().orElse(""));
        }
    }

    /** Gets messages in the pieces in which they come. */
    interface Reader {
        /** @param last whether the message ends here; a last piece may be empty */
        void piece(byte[] bytes, int from, int to, boolean last);
    }

    /** Once. */
    void start(Reader reader, Runnable onClosed) {
        socket.exceptionHandler(e -> log.debug("DevTools: {}", e.toString()))
                .closeHandler(closed -> onClosed.run())
                .handler(chunk -> frames.read(chunk.getBytes(), reader));
        frames.read(early.getBytes(), reader);
        socket.resume();
    }

    /** The mask of a client's frame is zero, which leaves the text as it is: on loopback no proxy can be misled. */
    Future<Void> send(Buffer text) {
        Buffer frame = Buffer.buffer(text.length() + 14).appendByte((byte) LAST_TEXT);
        if (text.length() < 126) {
            frame.appendByte((byte) (MASKED | text.length()));
        } else if (text.length() < 1 << 16) {
            frame.appendByte((byte) (MASKED | 126)).appendShort((short) text.length());
        } else {
            frame.appendByte((byte) (MASKED | 127)).appendLong(text.length());
        }
        return socket.write(frame.appendInt(0).appendBuffer(text));
    }

    Future<Void> close() {
        return socket.close();
    }

    /** Walks over the frames of a server, which are not masked. */
    private static final class FrameReader {
        private static final int MAX_HEADER_BYTES = 10;
        private static final int CONTROL = 0x08;
        private static final int LAST = 0x80;

        private final byte[] header = new byte[MAX_HEADER_BYTES];
        private int headerLength;
        private long payloadLeft;
        private boolean inPayload;

        void read(byte[] chunk, Reader reader) {
            int at = 0;
            while (at < chunk.length) {
                if (!inPayload) {
                    header[headerLength++] = chunk[at++];
                    openIfComplete();
                    if (inPayload && payloadLeft == 0) {
                        pass(chunk, at, at, reader);
                    }
                } else {
                    int end = (int) Math.min(chunk.length, at + payloadLeft);
                    payloadLeft -= end - at;
                    pass(chunk, at, end, reader);
                    at = end;
                }
            }
        }

        private void openIfComplete() {
            int size = headerLength < 2 ? 0 : header[1] & 0x7f;
            int extended = size == 127 ? 8 : size == 126 ? 2 : 0;
            if (headerLength < 2 + extended) {
                return;
            }
            payloadLeft = extended == 0 ? size : 0;
            for (int i = 2; i < 2 + extended; i++) {
                payloadLeft = payloadLeft << 8 | header[i] & 0xff;
            }
            inPayload = true;
        }

        /** Control frames are of no interest: a close is followed by the end of the connection, and Chrome sends no pings. */
        private void pass(byte[] chunk, int from, int to, Reader reader) {
            boolean frameEnds = payloadLeft == 0;
            try {
                if ((header[0] & CONTROL) == 0) {
                    reader.piece(chunk, from, to, frameEnds && (header[0] & LAST) != 0);
                }
            } finally {
                if (frameEnds) {
                    inPayload = false;
                    headerLength = 0;
                }
            }
        }
    }
}
