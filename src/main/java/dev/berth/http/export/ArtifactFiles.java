package dev.berth.http.export;

import dev.berth.http.routes.PieceTransfer;
import dev.berth.http.routes.PieceTransfer.Store;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** The artifacts of an export. A store that fails again and again is not asked for the rest. On one event loop. */
final class ArtifactFiles {

    private static final int MAX_FAILURES = 3;

    private final Store store;
    private int failures;

    ArtifactFiles(Store store) {
        this.store = store;
    }

    /** The files of the artifacts. A file that can't be read fails with the reason. */
    List<ExportFile> of(List<ArtifactEntry> artifacts) {
        return artifacts.stream()
                .map(artifact -> of(ExportFile.nameOf(artifact), artifact))
                .toList();
    }

    ExportFile of(String name, ArtifactEntry artifact) {
        return new ExportFile(name, false, new Bytes(artifact)::next);
    }

    private static <T> Future<T> absent(String why) {
        return Future.failedFuture(new BerthException(ErrorCode.NOT_FOUND, why));
    }

    private final class Bytes {
        private final ArtifactEntry artifact;
        private final Supplier<Future<Optional<Buffer>>> pieces;

        private Bytes(ArtifactEntry artifact) {
            this.artifact = artifact;
            this.pieces = PieceTransfer.pieces(store, artifact.objectKey(), 0, artifact.size());
        }

        Future<Optional<Callable<Buffer>>> next() {
            if (!artifact.readable()) {
                return absent(
                        artifact.state() == ArtifactState.PENDING
                                ? "it is not complete yet"
                                : "it is " + artifact.state().wireName());
            } else if (failures >= MAX_FAILURES) {
                return absent("not tried, since other artifacts could not be read");
            }
            return pieces.get()
                    .<Optional<Callable<Buffer>>>map(piece -> piece.map(bytes -> () -> bytes))
                    .onFailure(e -> failures++);
        }
    }
}
