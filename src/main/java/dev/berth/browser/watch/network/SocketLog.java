package dev.berth.browser.watch.network;

import dev.berth.browser.watch.console.RemoteValues;
import dev.berth.protocol.SocketMessages;
import dev.berth.protocol.SocketMessages.Message;
import dev.berth.protocol.Truncation;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Counts the messages of one WebSocket, and keeps the first of them, within limits. */
final class SocketLog {
    static final int MAX_MESSAGES = 100;
    static final int MAX_DATA_CHARS = 1_024;
    private static final int MAX_CHARS = 32 << 10;
    private static final int MESSAGE_BYTES = 80;
    private static final int TEXT = 1;

    private final List<Message> first = new ArrayList<>();
    private int chars;
    private long sent;
    private long received;
    private long sentBytes;
    private long receivedBytes;

    /** @param frame CDP's {@code WebSocketFrame} */
    void add(boolean isSent, JsonObject frame, Instant at) {
        int opcode = frame.getDouble("opcode", 1.0).intValue();
        RemoteValues values = new RemoteValues();
        String payload = values.read(frame, "payloadData");
        long bytes = opcode == TEXT
                ? utf8Bytes(payload) + values.hiddenChars()
                : base64Bytes(payload, payload.length() + values.hiddenChars());
        count(isSent, bytes);
        if (first.size() < MAX_MESSAGES && chars < MAX_CHARS) {
            String data = opcode == TEXT
                    ? Truncation.marked(payload, MAX_DATA_CHARS, values.hiddenChars())
                    : cutBase64(payload);
            first.add(new Message(at, isSent, opcode, bytes, data));
            chars += data.length();
        }
    }

    private void count(boolean isSent, long bytes) {
        if (isSent) {
            sent++;
            sentBytes += bytes;
        } else {
            received++;
            receivedBytes += bytes;
        }
    }

    /** A whole number of groups, so that it stays base64. */
    private static String cutBase64(String payload) {
        return payload.length() <= MAX_DATA_CHARS ? payload : payload.substring(0, MAX_DATA_CHARS);
    }

    /** @param chars of the whole payload */
    private static long base64Bytes(String payload, long chars) {
        int padding = payload.endsWith("==") ? 2 : payload.endsWith("=") ? 1 : 0;
        return chars / 4 * 3 - padding;
    }

    private static long utf8Bytes(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A pair of surrogates takes four bytes.
            bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
        }
        return bytes;
    }

    SocketMessages messages(SocketMessages.State state) {
        return new SocketMessages(state, sent, received, sentBytes, receivedBytes, first);
    }

    /** Approximate memory: bytes. */
    int bytes() {
        return chars + MESSAGE_BYTES * first.size();
    }
}
