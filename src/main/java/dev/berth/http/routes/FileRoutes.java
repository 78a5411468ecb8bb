package dev.berth.http.routes;

import dev.berth.artifact.ArtifactStore;
import dev.berth.history.ArtifactRepository;
import dev.berth.http.request.Answers;
import dev.berth.http.request.Answers.Success;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileCommand.ReadFiles;
import dev.berth.protocol.FileCommand.RemoveDownloads;
import dev.berth.protocol.FileCommand.RemoveFile;
import dev.berth.protocol.SessionCommand.ReadArtifacts;
import dev.berth.protocol.SessionReply.NamedFile;
import dev.berth.protocol.SessionReply.NamedFiles;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.ShownJson.Links;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code …/files}: what clients gave a session by name, and what it downloaded. For any event loop. */
public final class FileRoutes {
    private final SessionAccess access;
    private final ArtifactRepository artifacts;
    private final SessionLinks links;
    private final FileReceiver receiver;
    private final ArtifactTransfer transfer;

    public FileRoutes(
            Vertx vertx, SessionAccess access, ArtifactRepository artifacts, SessionLinks links, ArtifactStore store) {
        this.access = access;
        this.artifacts = artifacts;
        this.links = links;
        this.receiver = new FileReceiver(vertx, access, new LateFiles(vertx, artifacts, store));
        this.transfer = new ArtifactTransfer(store, "with this API key");
    }

    /** To stand before what answers {@code PUT}. */
    public static void holdBody(RoutingContext ctx) {
        FileReceiver.hold(ctx);
    }

    /** The files of a session. */
    public record Files(List<FileView> files) {}

    public Future<Files> list(RoutingContext ctx) {
        Links urls = links.of(ctx);
        return kept(ctx)
                .compose(kept -> onDisk(ctx)
                        .map(disk -> new Files(Stream.concat(
                                        kept.stream()
                                                .filter(ArtifactEntry::isNamed)
                                                .map(file -> FileView.of(file, disk.files(), urls)),
                                        disk.files().stream()
                                                .filter(file -> file.artifact().isEmpty())
                                                .map(FileView::begun))
                                .toList())));
    }

    private Future<List<ArtifactEntry>> kept(RoutingContext ctx) {
        return access.ask(
                ctx,
                new ReadArtifacts(),
                live -> live.complete()
                        ? Future.succeededFuture(live.artifacts())
                        : artifacts.list(SessionAccess.id(ctx)),
                ended -> artifacts.list(ended.sessionId()));
    }

    /** None where the session does not run. */
    private Future<NamedFiles> onDisk(RoutingContext ctx) {
        NamedFiles none = new NamedFiles(List.of());
        return access.ask(ctx, new ReadFiles(), Future::succeededFuture, ended -> Future.succeededFuture(none))
                .recover(e -> ErrorCode.SESSION_NOT_RUNNING.isOf(e) || ErrorCode.SESSION_ENDED.isOf(e)
                        ? Future.succeededFuture(none)
                        : Future.failedFuture(e));
    }

    public Future<FileView> put(RoutingContext ctx) {
        return receiver.receive(ctx, name(ctx))
                .map(file -> file.artifact()
                        .map(kept -> FileView.of(kept, List.of(file), links.of(ctx)))
                        .orElseGet(() -> FileView.begun(file)));
    }

    /** Receives a file that is a part of the request's body, and completes as {@link #put(RoutingContext)} does. */
    public Future<NamedFile> put(RoutingContext ctx, String name, ReadStream<Buffer> file) {
        return receiver.receive(ctx, name, file, false);
    }

    /** The same; an earlier file of the name stays on the browser's disk, as a page may still have to send it. */
    public Future<NamedFile> putBeside(RoutingContext ctx, String name, ReadStream<Buffer> file) {
        return receiver.receive(ctx, name, file, true);
    }

    /** What a session has downloaded and can be read, the oldest first. */
    public Future<List<ArtifactEntry>> downloads(RoutingContext ctx) {
        return kept(ctx)
                .map(kept -> kept.stream()
                        .filter(file -> file.isNamed() && file.type() == ArtifactType.DOWNLOAD && file.readable())
                        .toList());
    }

    public Future<Void> removeDownloads(RoutingContext ctx) {
        return access.askLive(ctx, new RemoveDownloads()).mapEmpty();
    }

    private static String name(RoutingContext ctx) {
        return ctx.pathParam("name");
    }

    /** {@code GET} and {@code HEAD}. */
    public void get(RoutingContext ctx) {
        Future<List<ArtifactEntry>> kept = kept(ctx);
        Answers.respond(
                ctx,
                kept.compose(known -> begun(ctx)),
                begun -> answer(ctx, begun, ArtifactEntry.named(name(ctx), kept.result())));
    }

    private Future<Optional<NamedFile>> begun(RoutingContext ctx) {
        return onDisk(ctx)
                .map(disk -> disk.files().stream()
                        .filter(file ->
                                file.name().equals(name(ctx)) && file.artifact().isEmpty())
                        .findFirst());
    }

    private void answer(RoutingContext ctx, Optional<NamedFile> begun, Optional<ArtifactEntry> kept) {
        boolean asksHead = ctx.request().method().equals(HttpMethod.HEAD);
        if (begun.isPresent() && (asksHead || kept.isEmpty())) {
            tellBegun(ctx, begun.get(), asksHead);
        } else if (kept.isEmpty()) {
            ctx.fail(new BerthException(
                    ErrorCode.NOT_FOUND, "the session has no file with this name", "GET …/files lists its files"));
        } else {
            progress(ctx.response(), kept.get().size(), Optional.of(kept.get().size()));
            transfer.send(ctx, kept.get(), Authentication.key(ctx).keyId());
        }
    }

    private static void tellBegun(RoutingContext ctx, NamedFile begun, boolean asksHead) {
        progress(ctx.response(), begun.received(), begun.total());
        if (asksHead) {
            ctx.response().putHeader("Cache-Control", "no-store").end();
        } else {
            String of = begun.total().map(total -> " of " + total).orElse("");
            ctx.fail(new BerthException(
                    ErrorCode.CONFLICT, "the upload is incomplete: " + begun.received() + of + " bytes have arrived"));
        }
    }

    /** Sets the headers of resumable uploads (draft-ietf-httpbis-resumable-upload). */
    private static void progress(HttpServerResponse response, long received, Optional<Long> total) {
        response.putHeader("Upload-Offset", Long.toString(received))
                .putHeader("Upload-Complete", total.equals(Optional.of(received)) ? "?1" : "?0");
        total.ifPresent(bytes -> response.putHeader("Upload-Length", Long.toString(bytes)));
    }

    public Future<Success> remove(RoutingContext ctx) {
        RemoveFile remove = new RemoveFile(name(ctx));
        return access.ask(ctx, remove, live -> Future.succeededFuture(), ended -> removeEnded(ended, remove.name()))
                .recover(e -> ErrorCode.SESSION_ENDED.isOf(e)
                        ? access.describe(ctx).compose(ended -> removeEnded(ended, remove.name()))
                        : Future.failedFuture(e))
                .map(gone -> new Success(true));
    }

    private Future<Void> removeEnded(SessionDescription session, String name) {
        return artifacts
                .removeNamed(session.sessionId(), name)
                .compose(gone -> gone.isEmpty()
                        ? Future.failedFuture(
                                new BerthException(ErrorCode.NOT_FOUND, "the session has no file with this name"))
                        : Future.succeededFuture());
    }
}
