package dev.berth.fake;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** A WebSocket client that does only what a test tells it to: it reads when it is asked to, and answers no ping by itself. */
public final class RawWebSocket implements AutoCloseable {
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    private static final int SECONDS = 30;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    /** A frame from the server. */
    public record Frame(int opcode, byte[] payload) {
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        public JsonObject json() {
            return new JsonObject(text());
        }

        /** Of a close frame. */
        public int closeCode() {
            return (payload[0] & 0xff) << 8 | payload[1] & 0xff;
        }

        /** Of a close frame. */
        public String closeReason() {
            return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    /** Without a handshake. */
    public RawWebSocket(String host, int port) {
        try {
            socket.connect(new InetSocketAddress(host, port), SECONDS * 1_000);
            socket.setSoTimeout(SECONDS * 1_000);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens the WebSocket of this URL; fails where it is refused. */
    public static RawWebSocket open(String url) {
        URI to = URI.create(url);
        RawWebSocket client = new RawWebSocket(to.getHost(), to.getPort());
        client.write(Buffer.buffer("GET " + url.replaceFirst("^\\w+://[^/]+", "") + " HTTP/1.1\r\nHost: " + to.getHost()
                + ":" + to.getPort() + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        String head = client.head();
        if (!head.startsWith("HTTP/1.1 101")) {
            throw new AssertionError("refused: " + head);
        }
        return client;
    }

    private String head() {
        StringBuilder head = new StringBuilder();
        try {
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return head.toString();
    }

    /** The next frame; waits for it. */
    public Frame next() {
        try {
            int first = in.readUnsignedByte();
            long length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            return new Frame(first & 0x0f, in.readNBytes((int) length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next message of this type; skips others. */
    public JsonObject next(String type) {
        return next(type, message -> true);
    }

    public JsonObject next(String type, Predicate<JsonObject> wanted) {
        while (true) {
            Frame frame = next();
            if (frame.opcode() == CLOSE) {
                throw new AssertionError("closed: " + frame.closeCode() + " " + frame.closeReason());
            }
            if (frame.opcode() == TEXT && frame.json().getString("type").equals(type) && wanted.test(frame.json())) {
                return frame.json();
            }
        }
    }

    /** Throws what has arrived away, without waiting; fails once the server has closed the connection. */
    public void skipArrived() {
        try {
            for (int there = in.available(); there > 0; there = in.available()) {
                in.skipNBytes(there);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the close frame; skips what comes before. */
    public Frame closed() {
        Frame frame = next();
        while (frame.opcode() != CLOSE) {
            frame = next();
        }
        return frame;
    }

    /** Whether the server has closed the connection after what is read here. */
    public boolean isOver() {
        try {
            in.skipNBytes(Long.MAX_VALUE);
            return false;
        } catch (EOFException e) {
            return true;
        } catch (IOException e) {
            return e.getMessage().contains("reset");
        }
    }

    public void send(JsonObject message) {
        send(TEXT, message.toBuffer());
    }

    public void send(int opcode, Buffer payload) {
        Buffer frame = Buffer.buffer().appendByte((byte) (0x80 | opcode));
        if (payload.length() < 126) {
            frame.appendByte((byte) (0x80 | payload.length()));
        } else if (payload.length() < 65_536) {
            frame.appendByte((byte) 0xfe).appendShort((short) payload.length());
        } else {
            frame.appendByte((byte) 0xff).appendLong(payload.length());
        }
        frame.appendInt(0); // a mask that changes nothing
        write(frame.appendBuffer(payload));
    }

    private void write(Buffer bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
