package dev.berth.agent.model;

/** Why one try failed, and whether and when another one may succeed. */
final class Failure extends RuntimeException {
    private static final int MAX_CHARS = 500;

    private final ModelException.Kind kind;
    private final boolean passing;
    private final long waitMillis;

    private Failure(ModelException.Kind kind, String message, boolean passing, long waitMillis) {
        super(message.length() > MAX_CHARS ? message.substring(0, MAX_CHARS) + "…" : message, null, false, false);
        this.kind = kind;
        this.passing = passing;
        this.waitMillis = waitMillis;
    }

    static Failure lasting(ModelException.Kind kind, String message) {
        return new Failure(kind, message, false, 0);
    }

    static Failure passing(ModelException.Kind kind, String message) {
        return new Failure(kind, message, true, 0);
    }

    /** @param waitMillis how long the provider asks to wait, or 0 */
    static Failure passing(ModelException.Kind kind, String message, long waitMillis) {
        return new Failure(kind, message, true, waitMillis);
    }

    ModelException.Kind kind() {
        return kind;
    }

    boolean passing() {
        return passing;
    }

    long waitMillis() {
        return waitMillis;
    }
}
