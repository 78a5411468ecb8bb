package dev.berth.http.export;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.FileCommand.FileName;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * A file of an export.
 *
 * @param packs whether it is worth compressing
 */
record ExportFile(String name, boolean packs, Source source) {
    private static final String FOLDER = "artifacts/";

    /** Reads a file, piece by piece. */
    interface Source {
        /**
         * The next piece, to be written on a worker; empty after the last. A file that fails at its first piece is missing; one that fails
         * later is cut off.
         */
        Future<Optional<Callable<Buffer>>> next();
    }

    /** A file that is read at once. */
    static ExportFile whole(String name, Supplier<Future<Callable<Buffer>>> content) {
        boolean[] read = {false};
        return new ExportFile(name, true, () -> {
            if (read[0]) {
                return Future.succeededFuture(Optional.empty());
            }
            read[0] = true;
            return content.get().map(Optional::of);
        });
    }

    /**
     * A file that is read page by page, up to where it ended at its beginning, although the session goes on.
     *
     * @param read reads at most so many entries from an offset on
     * @param limit of entries in a page
     */
    static <P> ExportFile paged(
            String name,
            int limit,
            BiFunction<Long, Integer, Future<P>> read,
            ToLongFunction<P> count,
            ToLongFunction<P> total,
            Function<P, Buffer> write) {
        // The next entry, and the end.
        long[] at = {0, Long.MAX_VALUE};
        return new ExportFile(name, true, () -> {
            if (at[0] >= at[1]) {
                return Future.succeededFuture(Optional.empty());
            }
            return read.apply(at[0], (int) Math.min(limit, at[1] - at[0])).map(page -> {
                at[1] = count.applyAsLong(page) == 0 ? at[0] : Math.min(at[1], total.applyAsLong(page));
                at[0] += count.applyAsLong(page);
                return Optional.of(() -> write.apply(page));
            });
        });
    }

    /**
     * The name of an artifact in the ZIP. It begins with the artifact's id, so no name from a page is a path, a device, or another
     * artifact's.
     */
    static String nameOf(ArtifactEntry artifact) {
        String key = artifact.objectKey().substring(artifact.objectKey().lastIndexOf('/') + 1);
        String name = artifact.fileName()
                .map(given -> artifact.objectId() + "-" + given)
                .orElse(key);
        return FOLDER
                + FileName.of(name.replaceAll("[^\\p{L}\\p{M}\\p{N}._ -]", "_")).replaceFirst("[. ]+$", "_");
    }
}
