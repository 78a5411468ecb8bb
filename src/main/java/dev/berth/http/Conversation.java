package dev.berth.http;

import java.time.Duration;

/** Where one HTTP connection stands, and whether its client has had time enough. Knows no clock: it is told the time, in nanoseconds. */
final class Conversation {
    /**
     * How much time a client has.
     *
     * @param silence until the head of its next request is complete, or until it reads more of an answer
     * @param body until the body of a request is complete
     */
    record Patience(Duration silence, Duration body) {
        static final Patience DEFAULT = new Patience(Duration.ofSeconds(60), Duration.ofMinutes(10));
    }

    private final Patience patience;
    private int unanswered;
    private boolean bodyOpen;
    private long bodySince;
    private long silentSince;
    private long unread;
    private long unreadSince;

    Conversation(Patience patience, long now) {
        this.patience = patience;
        this.silentSince = now;
    }

    /** The head of a request is complete. */
    void requestBegan(long now) {
        unanswered++;
        bodyOpen = true;
        bodySince = now;
    }

    void requestEnded() {
        bodyOpen = false;
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
        return unread == 0 ? unanswered == 0 && now - silentSince > silence : now - unreadSince > silence;
    }
}
