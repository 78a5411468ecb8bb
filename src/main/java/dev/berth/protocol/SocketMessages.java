package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The messages of a WebSocket. Chrome does not tell the code that the socket was closed with.
 *
 * @param state at the time of the entry; the first field, so that a search of the log finds openings by how the object begins
 * @param sent the number of messages from the page
 * @param received the number of messages to the page
 * @param sentBytes of their payloads
 * @param receivedBytes of their payloads
 * @param first the first messages
 */
public record SocketMessages(
        State state, long sent, long received, long sentBytes, long receivedBytes, List<Message> first) {
    /** Logs of earlier versions have no state: they tell of closed sockets only. */
    public SocketMessages {
        state = Optional.ofNullable(state).orElse(State.CLOSED);
        first = List.copyOf(first);
    }

    SocketMessages redacted(UnaryOperator<String> redaction) {
        return new SocketMessages(
                state,
                sent,
                received,
                sentBytes,
                receivedBytes,
                first.stream().map(message -> message.redacted(redaction)).toList());
    }

    /** How a WebSocket stands. */
    public enum State {
        /** The server has accepted it. Another entry with the same {@code requestId} follows at its end. */
        OPEN,
        /** Closed by either side, failed, or gone with the page, worker or session. */
        CLOSED;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A message.
     *
     * @param sent whether the page sent it
     * @param opcode 1 for text, 2 for bytes
     * @param bytes of the payload
     * @param data the text, or the bytes in base64; cut where it is long
     */
    public record Message(Instant timestamp, boolean sent, int opcode, long bytes, String data) {
        private Message redacted(UnaryOperator<String> redaction) {
            return new Message(timestamp, sent, opcode, bytes, redaction.apply(data));
        }
    }
}
