package dev.berth.agent.model;

import dev.langchain4j.exception.ContentFilteredException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why one try failed, and whether and when another one may succeed. */
final class Failure extends RuntimeException {
    private static final Logger log = LoggerFactory.getLogger(Failure.class);
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

    /** Of what a try throws: a failure of the exchange, a refusal in words, or an answer that the SDK can't read. */
    static Failure of(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (e instanceof Failure failure) {
                return failure;
            }
            if (e instanceof ContentFilteredException) {
                return lasting(
                        ModelException.Kind.FILTERED,
                        "The model refused to answer. Ask for something else, or use another model.");
            }
        }
        // The message of the SDK is not passed on: it quotes what came.
        log.debug("A model's answer could not be read: {}", thrown.getClass().getName());
        return passing(ModelException.Kind.MALFORMED, "The model's answer could not be read. Try again later.");
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
