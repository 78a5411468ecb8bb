package dev.berth.browser.cdp;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gives each message of Chrome's to the party whose session it is of; one of a session that is nobody's any more goes nowhere. On
 * the event loop of the pipe.
 */
final class MessageRouter {
    /** Limit for messages about targets, which are parsed here, and whose URLs pages choose: bytes. */
    private static final int MAX_JUDGED_BYTES = 1 << 20;

    private final SessionTree<Party> sessions;
    private final RootSession root;
    private final HiddenTargets hidden;
    private final Consumer<Party> onMessage;
    private final Consumer<Party> onDetached;

    /**
     * @param foreign the targets of extensions that clients must not know; empty where the browser has no extensions
     * @param onMessage called before each message of a party's
     * @param onDetached called where Chrome has ended a party's own session
     */
    MessageRouter(
            SessionTree<Party> sessions,
            RootSession root,
            Optional<ForeignExtensions> foreign,
            Consumer<Party> onMessage,
            Consumer<Party> onDetached) {
        this.sessions = sessions;
        this.root = root;
        this.hidden = new HiddenTargets(sessions, root, bytes -> message(bytes, 0, bytes.length), foreign);
        this.onMessage = onMessage;
        this.onDetached = onDetached;
    }

    /** @param bytes used again, and may be written to */
    void message(byte[] bytes, int from, int to) {
        MessageTail tail = MessageTail.of(bytes, from, to);
        if (tail.isNone()) {
            ofNoSession(bytes, from, to);
            return;
        }
        sessions.owner(tail.sessionId()).ifPresent(party -> {
            if (!hidden.takes(party, tail.sessionId(), bytes, from, to)) {
                look(tail.sessionId(), bytes, from, to);
                onMessage.accept(party);
                party.delivery().message(bytes, from, endFor(party, tail, bytes, to));
            }
        });
    }

    HiddenTargets hidden() {
        return hidden;
    }

    void large(MessageSplitter.Large message) {
        hidden.passesLarge();
        MessageTail tail = MessageTail.of(message.rest(), 0, message.restLength());
        Optional<Party> owner = sessions.owner(tail.sessionId());
        if (owner.isEmpty()) {
            message.pieces().forEach(ByteBuf::release);
            return;
        }
        Party party = owner.get();
        if (hidden.mustSee(party, message.head())) {
            judged(message, tail.sessionId());
            return;
        }
        look(tail.sessionId(), message.head(), 0, message.head().length);
        onMessage.accept(party);
        int restLength = endFor(party, tail, message.rest(), message.restLength());
        if (message.isKept()) {
            party.delivery().large(message, restLength);
        } else {
            party.delivery().missed(message, tail.sessionId().equals(party.session()) ? "" : tail.sessionId());
        }
    }

    /** A message about targets is as long as pages' URLs make it. */
    private void judged(MessageSplitter.Large message, String sessionId) {
        if (message.isKept() && message.length() <= MAX_JUDGED_BYTES) {
            byte[] whole = message.whole();
            message(whole, 0, whole.length);
        } else {
            message.pieces().forEach(ByteBuf::release);
            hidden.withholds(sessionId, message.head());
        }
    }

    /** Makes the message end before its session where that is the party's own; gives where it ends. */
    private static int endFor(Party party, MessageTail tail, byte[] bytes, int to) {
        if (!tail.sessionId().equals(party.session())) {
            return to;
        }
        bytes[tail.from()] = '}';
        return tail.from() + 1;
    }

    private void look(String sessionId, byte[] head, int from, int to) {
        MessageHead.id(head, from, to).ifPresent(id -> sessions.answered(sessionId, id));
        Attachment.parse(head, from, to).ifPresent(told -> {
            if (told.attached()) {
                sessions.attached(sessionId, told.sessionId(), told.targetId());
            } else {
                sessions.detached(sessionId, told.sessionId());
            }
        });
    }

    private void ofNoSession(byte[] bytes, int from, int to) {
        root.told(bytes, from, to).ifPresent(told -> {
            if (told instanceof RootSession.Notice.NoSuchSession none) {
                hidden.unanswered(none.command());
                sessions.unanswered(none.command()).forEach(party -> {
                    onMessage.accept(party);
                    party.delivery().message(bytes, from, to);
                });
            } else if (told instanceof RootSession.Notice.Detached detached) {
                sessions.owner(detached.sessionId()).ifPresent(onDetached);
            }
        });
    }
}
