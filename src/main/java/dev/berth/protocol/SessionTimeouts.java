package dev.berth.protocol;

/**
 * After how many milliseconds a session ends by itself.
 *
 * @param idle without a command
 * @param lifetime after its creation, used or not
 * @param reconnect after its last CDP client left
 */
public record SessionTimeouts(long idle, long lifetime, long reconnect) {
    public SessionTimeouts {
        require("options.timeouts.idle", idle);
        require("options.timeouts.lifetime", lifetime);
        require("options.timeouts.reconnect", reconnect);
    }

    private static void require(String field, long value) {
        if (value < 0) {
            throw new BerthException(ErrorCode.INVALID_ARGUMENT, field + " must not be negative");
        }
    }
}
