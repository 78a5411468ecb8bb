package dev.berth.agent.model;

import dev.langchain4j.exception.ContentFilteredException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells apart what a try throws: a failure of the exchange, a refusal in words, or an answer that the SDK can't read. */
final class Unreadable {
    private static final Logger log = LoggerFactory.getLogger(Unreadable.class);

    private Unreadable() {}

    static Failure failure(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (e instanceof Failure failure) {
                return failure;
            }
            if (e instanceof ContentFilteredException) {
                return Failure.lasting(
                        ModelException.Kind.FILTERED,
                        "The model refused to answer. Ask for something else, or use another model.");
            }
        }
        // Its message is not passed on: it quotes what came.
        log.debug("A model's answer could not be read: {}", thrown.getClass().getName());
        return Failure.passing(ModelException.Kind.MALFORMED, "The model's answer could not be read. Try again later.");
    }
}
