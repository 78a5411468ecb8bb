package dev.berth.session.keep;

/** Room for a file that grows, reserved ahead of its size. Runs on the session's context. */
public final class GrowingRoom {
    private static final long STEP_BYTES = 4 << 20;

    private final KeptBytes kept;
    private long reserved;

    GrowingRoom(KeptBytes kept) {
        this.kept = kept;
    }

    /** Whether a file that has grown to {@code bytes} may go on growing. */
    public boolean reaches(long bytes) {
        while (reserved - bytes < STEP_BYTES / 2) {
            if (!kept.tryTake(STEP_BYTES)) {
                return false;
            }
            reserved += STEP_BYTES;
        }
        return true;
    }

    /** How much the session has kept and may keep, for the user. */
    public String fullness() {
        return kept.fullness();
    }

    /** The file is complete: counts its true size. One of 0 bytes, which is listed but lost, counts too: for its row. */
    public void settle(long bytes) {
        giveBack();
        kept.count(bytes);
    }

    /** The file is neither kept nor listed. */
    public void giveBack() {
        if (reserved > 0) {
            kept.giveBack(reserved);
            reserved = 0;
        }
    }
}
