package dev.berth.session.keep;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import java.util.function.Consumer;

/**
 * How much of what a session leaves is kept for good. Files beyond are refused; logs can't be, and a session whose logs go beyond
 * ends. On the session's context.
 */
public final class KeptBytes {
    /** What the smallest takes: many an empty one would take rows and inodes. */
    private static final long LEAST_BYTES = 4_096;

    private final long maxBytes;
    private final Consumer<String> onOutgrown;
    private long files;
    private long logs;

    /**
     * @param maxBytes of files, and as much of logs
     * @param onOutgrown is told why the session must end
     */
    public KeptBytes(long maxBytes, Consumer<String> onOutgrown) {
        this.maxBytes = maxBytes;
        this.onOutgrown = onOutgrown;
    }

    /** Fails where there is no room for a file of so many bytes. */
    Future<Void> take(long bytes) {
        if (files + charged(bytes) > maxBytes) {
            return Future.failedFuture(new BerthException(
                    ErrorCode.ACTION_FAILED,
                    "it can't be kept: the session has kept " + (files >> 20) + " MiB of files, and may keep "
                            + (maxBytes >> 20) + " (session.disk-mib, BERTH_SESSION_DISK_MIB)"));
        }
        files += charged(bytes);
        return Future.succeededFuture();
    }

    /** It was not kept. */
    void giveBack(long bytes) {
        files -= charged(bytes);
    }

    /** A part of its logs, compressed. */
    public void logged(long bytes) {
        logs += charged(bytes);
        if (logs > maxBytes) {
            onOutgrown.accept("its logs took " + (logs >> 20) + " MiB, compressed, and a session may have "
                    + (maxBytes >> 20) + " (session.disk-mib, BERTH_SESSION_DISK_MIB)");
        }
    }

    private static long charged(long bytes) {
        return Math.max(LEAST_BYTES, bytes);
    }
}
