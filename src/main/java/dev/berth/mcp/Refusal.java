package dev.berth.mcp;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.modelcontextprotocol.modern.McpSchema.ErrorCodes;

/** A request that is answered with an error of JSON-RPC. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    /** The code that clients know for a session that is not there. */
    private static final int NO_SESSION = -32_001;

    static final int TOO_MANY = 429;

    private final int status;
    private final int code;

    /**
     * @param status of HTTP
     * @param code of JSON-RPC
     */
    Refusal(int status, int code, String why) {
        super(why, null, false, false);
        this.status = status;
        this.code = code;
    }

    static Refusal noSession(String why) {
        return new Refusal(404, NO_SESSION, why);
    }

    static Refusal invalid(int code, String why) {
        return new Refusal(400, code, why);
    }

    static Refusal of(RuntimeException e) {
        if (e instanceof Refusal known) {
            return known;
        } else if (e instanceof BerthException full && full.code() == ErrorCode.LIMIT_REACHED) {
            return new Refusal(TOO_MANY, ErrorCodes.INTERNAL_ERROR, full.getMessage());
        } else if (e instanceof BerthException known) {
            return new Refusal(400, ErrorCodes.INVALID_REQUEST, known.getMessage());
        }
        throw e;
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }
}
