package dev.berth.protocol;

import java.util.Optional;

/** A refusal or failure that may be told to the client: its message never holds secrets or stack traces. */
public final class BerthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Between message and hint in the one text that a failure has on the bus. */
    private static final char HINT = '\u001f';

    private final ErrorCode code;
    private final String hint;

    public BerthException(ErrorCode code, String message) {
        this(code, message, "");
    }

    /** @param hint what to do about it; empty where the code alone tells */
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

    public ErrorCode code() {
        return code;
    }

    /** What to do about it, where there is more to say than the code alone tells. */
    public Optional<String> hint() {
        return Optional.of(hint).filter(text -> !text.isEmpty());
    }

    /** The text of a reply that fails with this: see {@link #ofReply}. */
    public String replyText() {
        return hint.isEmpty() ? getMessage() : getMessage() + HINT + hint;
    }

    /** What failed, as the other side's {@link #replyText} tells. */
    public static BerthException ofReply(ErrorCode code, String text) {
        int end = text.lastIndexOf(HINT);
        return end < 0
                ? new BerthException(code, text)
                : new BerthException(code, text.substring(0, end), text.substring(end + 1));
    }
}
