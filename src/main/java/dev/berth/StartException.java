package dev.berth;

import io.vertx.core.Future;

/** Why a server can't start: one line that says what to do. */
final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartException(String message, Throwable cause) {
        super(message, cause);
    }

    StartException(String message) {
        super(message);
    }

    static <T> Future<T> fail(String message, Throwable cause) {
        return Future.failedFuture(new StartException(message, cause));
    }

    /** The message of the root cause, which says most. */
    static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return message.lines().findFirst().orElse(message);
    }
}
