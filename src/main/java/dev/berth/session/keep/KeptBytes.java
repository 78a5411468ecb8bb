package dev.berth.session.keep;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import java.util.function.Consumer;

/**
 * Counts the bytes that are kept of a session. Files beyond the limit are refused; logs can't be refused, so beyond the
 * limit the session ends. Runs on the session's context.
 */
public final class KeptBytes {
    /** The least that a file counts: many empty files would take rows and inodes. */
    private static final long LEAST_BYTES = 4_096;

    private final long maxBytes;
    private final Consumer<String> onOutgrown;
    private long files;
    private long logs;

    /**
     * @param maxBytes limit for files, and the same again for logs
     * @param onOutgrown receives the reason why the session must end
     */
    public KeptBytes(long maxBytes, Consumer<String> onOutgrown) {
        this.maxBytes = maxBytes;
        this.onOutgrown = onOutgrown;
    }

    /** Reserves room for a file of this size; fails if there is not enough. */
    Future<Void> take(long bytes) {
        return tryTake(bytes)
                ? Future.succeededFuture()
                : Future.failedFuture(
                        new BerthException(ErrorCode.ACTION_FAILED, "the file can't be kept: " + fullness()));
    }

    /** Reserves room for a file of this size; gives whether there was enough. */
    public boolean tryTake(long bytes) {
        boolean fits = files + charged(bytes) <= maxBytes;
        if (fits) {
            files += charged(bytes);
        }
        return fits;
    }

    /** How many bytes of files may still be kept. */
    long left() {
        return Math.max(0, maxBytes - files);
    }

    /** How much is kept: files and logs. */
    public long bytes() {
        return files + logs;
    }

    /** How much is kept and may be kept, for the user. */
    String fullness() {
        return "the session has stored " + (files >> 20) + " MiB of files, and can store at most " + (maxBytes >> 20)
                + " (session.disk-mib, BERTH_SESSION_DISK_MIB)";
    }

    /** Gives back the room of a file that was not kept. */
    void giveBack(long bytes) {
        files -= charged(bytes);
    }

    /** @param bytes by which the logs have become larger, or smaller: a part in the object store is compressed */
    public void logged(long bytes) {
        logs += bytes;
        if (logs > maxBytes) {
            onOutgrown.accept("its logs used " + (logs >> 20) + " MiB, and a session can use at most "
                    + (maxBytes >> 20) + " (session.disk-mib, BERTH_SESSION_DISK_MIB)");
        }
    }

    private static long charged(long bytes) {
        return Math.max(LEAST_BYTES, bytes);
    }

    Growing growing() {
        return new Growing();
    }

    /** Room for a file that grows. */
    public final class Growing {
        private long reserved;

        private Growing() {}

        /** Whether a file may grow to {@code bytes}. */
        public boolean reaches(long bytes) {
            long more = Math.max(0, charged(bytes) - reserved);
            boolean fits = files + more <= maxBytes;
            if (fits) {
                files += more;
                reserved += more;
            }
            return fits;
        }

        /** The file is complete: counts its true size. One of 0 bytes, which is listed but lost, counts too: for its row. */
        public void settle(long bytes) {
            giveBack();
            files += charged(bytes);
        }

        /** The file is neither kept nor listed. */
        public void giveBack() {
            files -= reserved;
            reserved = 0;
        }
    }
}
