package dev.berth.cdpclient;

import dev.berth.cdpclient.command.HeadTexts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Chrome's event to a client that it attached to a target, or detached, read from the first bytes of the message.
 *
 * @param sessionId the CDP session that began or ended
 * @param targetId empty where Chrome does not send it
 * @param type Chrome's name of the target's type, such as {@code page}
 * @param parent the CDP session that gets the event; empty where that is the client's own, or it is not within the bytes
 */
record TargetEvent(boolean attached, String sessionId, String targetId, String type, String parent) {
    private static final byte[] ATTACHED = ascii("{\"method\":\"Target.attachedToTarget\"");
    private static final byte[] DETACHED = ascii("{\"method\":\"Target.detachedFromTarget\"");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean begins(byte[] head, int length, byte[] with) {
        return length >= with.length && Arrays.equals(head, 0, with.length, with, 0, with.length);
    }

    /** Empty for any other message. */
    static Optional<TargetEvent> parse(byte[] head, int length) {
        boolean attached = begins(head, length, ATTACHED);
        if (!attached && !begins(head, length, DETACHED)) {
            return Optional.empty();
        }
        HeadTexts texts = HeadTexts.of(head, length);
        return texts.find("params.sessionId")
                .map(session -> new TargetEvent(
                        attached,
                        session,
                        texts.find("params.targetInfo.targetId")
                                .or(() -> texts.find("params.targetId"))
                                .orElse(""),
                        texts.find("params.targetInfo.type").orElse(""),
                        texts.find("sessionId").orElse("")));
    }
}
