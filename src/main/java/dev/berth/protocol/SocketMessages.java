package dev.berth.protocol;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What went over a WebSocket. Chrome does not tell the code that it was closed with.
 *
 * @param sent the number of messages from the page
 * @param received the number of messages to the page
 * @param sentBytes of their payloads
 * @param receivedBytes of their payloads
 * @param first the first messages
 */
public record SocketMessages(long sent, long received, long sentBytes, long receivedBytes, List<Message> first) {
    public SocketMessages {
        first = List.copyOf(first);
    }

    SocketMessages redacted(UnaryOperator<String> redaction) {
        return new SocketMessages(
                sent,
                received,
                sentBytes,
                receivedBytes,
                first.stream().map(message -> message.redacted(redaction)).toList());
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
