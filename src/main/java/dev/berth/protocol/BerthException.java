package dev.berth.protocol;

/** A refusal or failure that may be told to the client: its message never holds secrets or stack traces. */
public final class BerthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public BerthException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public BerthException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
