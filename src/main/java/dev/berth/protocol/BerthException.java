package dev.berth.protocol;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A refusal or failure that clients may see: its message never holds secrets or stack traces. */
public final class BerthException extends RuntimeException {
    private static final String NO_SPACE = "No space left on device";
    private static final long serialVersionUID = 1L;

    /** Separates message, hint and seconds in the text of a failed reply on the bus. */
    private static final char HINT = '\u001f';

    private static final Pattern SECONDS = Pattern.compile(HINT + "(\\d{1,9})$");

    private final ErrorCode code;
    private final String hint;
    private final long retrySeconds;

    public BerthException(ErrorCode code, String message) {
        this(code, message, "");
    }

    /** @param hint what the client can do; empty where the hint of the code is enough */
    public BerthException(ErrorCode code, String message, String hint) {
        this(code, message, hint, 0);
    }

    /** @param retrySeconds when it is worth a try again; 0 where that is not known */
    public BerthException(ErrorCode code, String message, String hint, long retrySeconds) {
        super(message);
        this.code = code;
        this.hint = hint;
        this.retrySeconds = retrySeconds;
    }

    public BerthException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = "";
        this.retrySeconds = 0;
    }

    /** The error of a value that a caller gave: {@link ErrorCode#INVALID_ARGUMENT}. */
    public static BerthException invalid(String why) {
        return new BerthException(ErrorCode.INVALID_ARGUMENT, why);
    }

    /** The refusal for a write to the node's disk that failed since the disk is full; empty for any other failure. */
    public static Optional<BerthException> ofFullDisk(Throwable failure) {
        return failure instanceof IOException
                        && String.valueOf(failure.getMessage()).contains(NO_SPACE)
                ? Optional.of(new BerthException(
                        ErrorCode.UPSTREAM,
                        "the disk of this node, with its data-dir (BERTH_DATA_DIR), is full",
                        failure))
                : Optional.empty();
    }

    public ErrorCode code() {
        return code;
    }

    /** The client's remedy, beyond the code's own. */
    public Optional<String> hint() {
        return Optional.of(hint).filter(text -> !text.isEmpty());
    }

    /** The seconds after which another try is worth it; 0 where that is not known. */
    public long retrySeconds() {
        return retrySeconds;
    }

    /** The text of a failed reply with this exception: see {@link #ofReply}. */
    public String replyText() {
        if (retrySeconds > 0) {
            return getMessage() + HINT + hint + HINT + retrySeconds;
        }
        return hint.isEmpty() ? getMessage() : getMessage() + HINT + hint;
    }

    /** The exception of a failed reply, from the text of {@link #replyText}. */
    public static BerthException ofReply(ErrorCode code, String text) {
        Matcher seconds = SECONDS.matcher(text);
        boolean tells = seconds.find();
        String rest = tells ? text.substring(0, seconds.start()) : text;
        int end = rest.lastIndexOf(HINT);
        return new BerthException(
                code,
                end < 0 ? rest : rest.substring(0, end),
                end < 0 ? "" : rest.substring(end + 1),
                tells ? Long.parseLong(seconds.group(1)) : 0);
    }
}
