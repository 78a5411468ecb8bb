package dev.berth.cluster;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what is thrown on a clustered Vertx and nobody handles. */
final class Unhandled {
    private static final Logger log = LoggerFactory.getLogger(Unhandled.class);

    private Unhandled() {}

    static void log(Throwable e) {
        if (isOfTheBus(e)) {
            log.debug("an event did not reach a node: {}", e.toString());
        } else {
            log.error("an exception was not handled", e);
        }
    }

    /** The bus has one promise for all nodes that get an event, and fails it for each that it can't write to: Vert.x 5.0.7. */
    static boolean isOfTheBus(Throwable e) {
        StackTraceElement[] frames = e.getStackTrace();
        return e instanceof IllegalStateException
                && frames.length > 0
                && frames[0].getClassName().equals(Promise.class.getName())
                && Arrays.stream(frames).noneMatch(frame -> frame.getClassName().startsWith("dev.berth."));
    }

    static Vertx watch(Vertx vertx) {
        return vertx.exceptionHandler(Unhandled::log);
    }
}
