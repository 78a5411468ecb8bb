package dev.berth.protocol;

import java.util.Optional;

/** A refusal or failure that clients may see: its message never holds secrets or stack traces. */
public final class BerthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Separates message and hint in the text of a failed reply on the bus. */
    private static final char HINT = '\u001f';

    private final ErrorCode code;
    private final String hint;

    public BerthException(ErrorCode code, String message) {
        this(code, message, "");
    }

    /** @param hint what the client can do; empty where the hint of the code is enough */
    public BerthException(ErrorCode code, String message, String hint) {
        super(message);
        this.code = code;
        this.hint = hint;
    }

    public BerthException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = "";
    }

    /** Of a value that a caller gave: {@link ErrorCode#INVALID_ARGUMENT}. */
    public static BerthException invalid(String why) {
        return new BerthException(ErrorCode.INVALID_ARGUMENT, why);
    }

    public ErrorCode code() {
        return code;
    }

    /** What the client can do, beyond what the code says. */
    public Optional<String> hint() {
        return Optional.of(hint).filter(text -> !text.isEmpty());
    }

    /** The text of a failed reply with this exception: see {@link #ofReply}. */
    public String replyText() {
        return hint.isEmpty() ? getMessage() : getMessage() + HINT + hint;
    }

    /** The exception of a failed reply, from the text of {@link #replyText}. */
    public static BerthException ofReply(ErrorCode code, String text) {
        int end = text.lastIndexOf(HINT);
        return end < 0
                ? new BerthException(code, text)
                : new BerthException(code, text.substring(0, end), text.substring(end + 1));
    }
}
