package dev.berth.http.connection;

import java.time.Duration;

/** The state of one HTTP connection, and whether its client is overdue. Has no clock: callers pass the time in nanoseconds. */
public final class Conversation {
    /**
     * How long a client may take.
     *
     * @param idle between two requests; long, since proxies keep connections for minutes and may send just as the server closes
     * @param silence for the head of a request, and for taking more of a response
     * @param body for the body of a request
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

    /** Bytes have arrived that are not decoded yet. */
    void received(long now) {
        if (!bodyOpen && !headOpen) {
            headOpen = true;
            silentSince = now;
        }
    }

    /**
     * The head of a request is complete.
     *
     * @param awaitsContinue whether the client sends the body only after a {@code 100 Continue}; after another response it may
     * not send it at all
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

    /**
     * Whether the oldest request is answered before its body has arrived: the next bytes may be that body, or the next request.
     */
    boolean isEndInDoubt() {
        return continueAwaited && bodyOpen && unanswered == 1;
    }

    /** The response to the oldest request is written. The client may not have read it yet. */
    void answered(long now) {
        unanswered--;
        silentSince = now;
    }

    /** @param left changes whenever the client takes more of what was written; 0 when it has taken all */
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
