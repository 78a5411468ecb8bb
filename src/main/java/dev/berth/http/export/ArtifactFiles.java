package dev.berth.http.export;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The artifacts of an export. A store that fails again and again is not asked for the rest. On one event loop. */
final class ArtifactFiles {

    private static final int PIECE_BYTES = 1 << 18;
    private static final int MAX_FAILURES = 3;

    private final Store store;
    private int failures;

    /** Reads parts of objects. */
    interface Store {
        Future<Buffer> get(String key, long offset, int length);
    }

    ArtifactFiles(Store store) {
        this.store = store;
    }

    /** Those that can't be read fail with the reason. */
    List<ExportFile> of(List<ArtifactEntry> artifacts) {
        return artifacts.stream()
                .map(artifact -> new ExportFile(ExportFile.nameOf(artifact), false, new Bytes(artifact)::next))
                .toList();
    }

    private static <T> Future<T> absent(String why) {
        return Future.failedFuture(new BerthException(ErrorCode.NOT_FOUND, why));
    }

    private final class Bytes {
        private final ArtifactEntry artifact;
        private long read;

        private Bytes(ArtifactEntry artifact) {
            this.artifact = artifact;
        }

        Future<Optional<Callable<Buffer>>> next() {
            if (!artifact.readable()) {
                return absent(
                        artifact.state() == ArtifactState.PENDING
                                ? "it is not complete yet"
                                : "it is " + artifact.state().wireName());
            } else if (read == artifact.size()) {
                return Future.succeededFuture(Optional.empty());
            } else if (failures >= MAX_FAILURES) {
                return absent("not tried, since other artifacts could not be read");
            }
            int length = (int) Math.min(PIECE_BYTES, artifact.size() - read);
            return store.get(artifact.objectKey(), read, length)
                    .map(piece -> taken(piece, length))
                    .onFailure(e -> failures++);
        }

        private Optional<Callable<Buffer>> taken(Buffer piece, int length) {
            if (piece.length() != length) {
                throw new BerthException(ErrorCode.INTERNAL, "the stored artifact has another size than it should");
            }
            read += length;
            return Optional.of(() -> piece);
        }
    }
}
