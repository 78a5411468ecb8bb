package dev.berth.live;

import dev.berth.limits.MemoryBudget;
import dev.berth.live.FileKeeping.SentFile;
import dev.berth.live.ViewerMessage.Announced;
import dev.berth.live.ViewerMessage.Files;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.FrameReader.Violation;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Receives the files that a viewer announced, one set at a time, in memory that was obtained before. Pure but for the budget. */
final class FileIntake {
    /** Limit for all files of a set together: bytes. */
    static final int MAX_BYTES = 1 << 24;

    static final MemoryBudget MEMORY =
            MemoryBudget.ofBodies(Runtime.getRuntime().maxMemory(), MAX_BYTES);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);

    private final MemoryBudget.Share share;
    private final List<SentFile> received = new ArrayList<>();
    private Optional<Files> coming = Optional.empty();
    private long sinceNanos;

    /** @param holder who has a share of the memory, for all of its viewers together */
    FileIntake(long holder) {
        this.share = MEMORY.share(holder);
    }

    /** A whole set. Its memory is held until {@link #release}. */
    record Received(Files asked, List<SentFile> files) {}

    /** Whether a set is coming, or was not given back yet. */
    boolean isBusy() {
        return coming.isPresent();
    }

    /** Begins a set; gives it where there is nothing to receive. Throws {@link Violation} where it can't be taken. */
    Optional<Received> begin(Files files, long nowNanos) {
        long bytes = files.files().stream().mapToLong(Announced::bytes).sum();
        if (bytes > MAX_BYTES) {
            throw new Violation(1009, "files may have at most " + MAX_BYTES + " bytes in total");
        }
        if (!share.tryHold(bytes)) {
            throw new Violation(CloseReason.TRY_AGAIN_LATER, "the server has no memory for files at the moment");
        }
        coming = Optional.of(files);
        sinceNanos = nowNanos;
        return whole();
    }

    /** The size of the file that comes next; 0 where none does. */
    int nextBytes() {
        return coming.filter(set -> received.size() < set.files().size())
                .map(set -> set.files().get(received.size()).bytes())
                .orElse(0);
    }

    /** Adds a file; gives the set where it is whole. */
    Optional<Received> add(Buffer content) {
        Announced announced = coming.orElseThrow().files().get(received.size());
        if (content.length() != announced.bytes()) {
            throw new Violation(1003, "the file does not have its announced size");
        }
        received.add(new SentFile(announced.name(), content));
        return whole();
    }

    private Optional<Received> whole() {
        Files set = coming.orElseThrow();
        while (received.size() < set.files().size() && nextBytes() == 0) {
            received.add(new SentFile(set.files().get(received.size()).name(), Buffer.buffer()));
        }
        return received.size() == set.files().size()
                ? Optional.of(new Received(set, List.copyOf(received)))
                : Optional.empty();
    }

    /** Gives the memory back. */
    void release() {
        coming = Optional.empty();
        received.clear();
        share.hold(0);
    }

    /** Whether a file has been coming for too long, with memory that others may need. */
    boolean isTooSlow(long nowNanos) {
        return nextBytes() > 0 && nowNanos - sinceNanos > PATIENCE_NANOS;
    }
}
