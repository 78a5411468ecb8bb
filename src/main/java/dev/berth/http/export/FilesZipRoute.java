package dev.berth.http.export;

import dev.berth.artifact.ArtifactStore;
import dev.berth.history.ArtifactRepository;
import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.routes.ContentDisposition;
import dev.berth.http.routes.PieceTransfer;
import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.FileCommand.FileName;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code GET …/files.zip}: the files that a session was given or has downloaded, by their names. For any event loop. */
public final class FilesZipRoute {
    private static final int THREADS = 1;

    private final SessionAccess access;
    private final ArtifactRepository artifacts;
    private final ArtifactStore store;
    private final WorkerExecutor workers;
    private final CountLimit<Long> sending = new CountLimit<>(
            new Bound(2, "2 archives of files are already being sent to you; try again later"),
            new Bound(8, "too many archives of files are being sent; try again"));

    public FilesZipRoute(Vertx vertx, SessionAccess access, ArtifactRepository artifacts, ArtifactStore store) {
        this.access = access;
        this.artifacts = artifacts;
        this.store = store;
        this.workers = vertx.createSharedWorkerExecutor("berth-files-zip", THREADS);
    }

    public void send(RoutingContext ctx) {
        sending.during(
                        LinkAccess.holder(ctx),
                        () -> access.describe(ctx)
                                .compose(session -> artifacts.list(session.sessionId()))
                                .map(all -> new ZipPieces(files(all), workers))
                                .compose(zip -> new PieceTransfer(zip::next, ctx.response())
                                        .send(() -> ContentDisposition.describe(
                                                        ctx.response(),
                                                        "application/zip",
                                                        SessionAccess.id(ctx) + "-files.zip")
                                                .setChunked(true)
                                                .putHeader("Cache-Control", "no-store"))
                                        .eventually(zip::close)))
                .onFailure(ctx::fail);
    }

    private List<ExportFile> files(List<ArtifactEntry> all) {
        ArtifactFiles contents = new ArtifactFiles(store::get);
        List<ExportFile> files = new ArrayList<>();
        Set<String> names = new HashSet<>();
        all.stream()
                .filter(ArtifactEntry::isNamed)
                .forEach(file -> files.add(
                        contents.of(FileName.unused(safe(file.fileName().orElseThrow()), names), file)));
        return files;
    }

    /** Some systems forbid more characters than {@link FileName} does, or read a name that ends so as another one. */
    private static String safe(String name) {
        return FileName.of(name.replaceAll("[^\\p{L}\\p{M}\\p{N}._ ()-]", "_")).replaceFirst("[. ]+$", "_");
    }
}
