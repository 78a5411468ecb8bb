package dev.berth.http.connection;

import java.time.Duration;

/** Where one HTTP connection stands, and whether its client has had time enough. Knows no clock: it is told the time, in nanoseconds. */
public final class Conversation {
    /**
     * How much time a client has.
     *
     * @param idle between two requests: proxies keep connections for minutes, and send when we may be closing
     * @param silence until a head that has begun is complete, the first from the beginning, or until it reads more of an answer
     * @param body until the body of a request is complete
     */
    public record Patience(Duration idle, Duration silence, Duration body) {
        public static final Patience DEFAULT =
                new Patience(Duration.ofMinutes(10), Duration.ofSeconds(60), Duration.ofMinutes(10));
    }

    private final Patience patience;
    private int unanswered;
    private boolean headOpen = true;
    private boolean bodyOpen;
    private boolean continueAwaited;
    private long bodySince;
    private long silentSince;
    private long unread;
    private long unreadSince;

    Conversation(Patience patience, long now) {
        this.patience = patience;
        this.silentSince = now;
    }

    /** Something has come, which is not decoded yet. */
    void received(long now) {
        if (!bodyOpen && !headOpen) {
            headOpen = true;
            silentSince = now;
        }
    }

    /**
     * The head of a request is complete.
     *
     * @param awaitsContinue whether its body follows only when it is told to, or after an answer perhaps not
     */
    void requestBegan(boolean awaitsContinue, long now) {
        unanswered++;
        headOpen = false;
        bodyOpen = true;
        continueAwaited = awaitsContinue;
        bodySince = now;
    }

    void requestEnded() {
        bodyOpen = false;
    }

    void continued() {
        continueAwaited = false;
    }

    /** Whether the oldest request is answered before its body has come, which then may come, or the next request in its place. */
    boolean isEndInDoubt() {
        return continueAwaited && bodyOpen && unanswered == 1;
    }

    /** The answer to the oldest request is written, which is not: read. */
    void answered(long now) {
        unanswered--;
        silentSince = now;
    }

    /** @param left a number that changes when the client takes something of what was written; 0 when it has taken all */
    void unread(long left, long now) {
        if (left != unread) {
            unread = left;
            unreadSince = now;
            silentSince = now;
        }
    }

    boolean overdue(long now) {
        if (bodyOpen && now - bodySince > patience.body().toNanos()) {
            return true;
        }
        long silence = patience.silence().toNanos();
        if (unread != 0) {
            return now - unreadSince > silence;
        }
        long patient = headOpen || bodyOpen ? silence : patience.idle().toNanos();
        return unanswered == 0 && now - silentSince > patient;
    }
}
