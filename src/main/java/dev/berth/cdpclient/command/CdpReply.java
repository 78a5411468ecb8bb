package dev.berth.cdpclient.command;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Chrome's reply to a command, read from the first bytes of its message.
 *
 * @param error Chrome's message, where it failed
 * @param errorText in a result: why a navigation failed
 * @param targetId in a result: the target that was created
 */
public record CdpReply(long id, Optional<String> error, Optional<String> errorText, Optional<String> targetId) {
    CdpReply(long id, Optional<String> error, Optional<String> errorText) {
        this(id, error, errorText, Optional.empty());
    }

    private static final byte[] START = {'{', '"', 'i', 'd', '"', ':'};

    /** The id of the command that this message replies to; empty for an event. */
    public static OptionalLong id(byte[] head, int length) {
        return id(head, 0, length);
    }

    /** The same where the message stands from {@code from} to {@code to}. */
    public static OptionalLong id(byte[] bytes, int from, int to) {
        int first = from + START.length;
        if (first > to || !Arrays.equals(bytes, from, first, START, 0, START.length)) {
            return OptionalLong.empty();
        }
        long id = 0;
        int at = first;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            id = id * 10 + bytes[at++] - '0';
        }
        return at > first ? OptionalLong.of(id) : OptionalLong.empty();
    }

    /** Parses a message that {@link #id} recognised as a reply. It may be cut off. */
    public static CdpReply parse(long id, byte[] head, int length) {
        HeadTexts texts = HeadTexts.of(head, length);
        return new CdpReply(
                id,
                texts.find("error").map(failed -> texts.find("error.message").orElse("the browser refused")),
                texts.find("result.errorText"),
                texts.find("result.targetId"));
    }
}
