package dev.berth.browser.process;

import java.io.IOException;

/** How much of a profile may still come: what is saved and what is unpacked counts alike, so that what was saved can be unpacked. */
final class DiskAllowance {
    private static final long BLOCK_BYTES = 4_096;

    private final long maxBytes;
    private long left;

    /** @param maxBytes the disk limit of a session */
    DiskAllowance(long maxBytes) {
        this.maxBytes = maxBytes;
        this.left = maxBytes;
    }

    long left() {
        return left;
    }

    /** Counts a file or folder: at least one block, as an empty one takes space and time as well. */
    void take(long bytes) throws IOException {
        left -= Math.max(BLOCK_BYTES, bytes);
        if (left < 0) {
            throw new IOException("sites have stored more than " + (maxBytes >> 20)
                    + " MiB, the disk limit of a session (session.disk-mib, BERTH_SESSION_DISK_MIB)");
        }
    }
}
