package dev.berth.http.routes;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.ContentTypes;
import dev.berth.http.request.Body;
import dev.berth.http.request.BulkWork;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.Validation;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileName;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.UploadedFile;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files from a request to a page: by way of the object store, since bytes do not travel on the bus. */
public final class UploadRoute {
    private static final Logger log = LoggerFactory.getLogger(UploadRoute.class);
    private static final long UPLOAD_PATIENCE_MILLIS = 30_000;

    private final SessionAccess access;
    private final ArtifactStore store;
    private final BulkWork bulkWork;

    public UploadRoute(SessionAccess access, ArtifactStore store, BulkWork bulkWork) {
        this.bulkWork = bulkWork;
        this.access = access;
        this.store = store;
    }

    private record Received(String name, Buffer content) {}

    public Future<ElementRoutes.Acted> upload(RoutingContext ctx) {
        Body body = Body.of(ctx);
        // Nothing is decoded or kept for a session that can not take it.
        return access.describe(ctx)
                .compose(session -> switch (session.status()) {
                    case RUNNING ->
                        bulkWork.call(() -> received(body)).compose(files -> storeAll(session.sessionId(), files));
                    case CREATING ->
                        Future.failedFuture(new BerthException(
                                ErrorCode.SESSION_NOT_RUNNING, "the session is still being created"));
                    default -> Future.failedFuture(session.absence());
                })
                // The session keeps what its page has got.
                .compose(files -> access.act(ctx, new Upload(body.selector(), files, body.timeoutMillis()))
                        .onFailure(e -> files.forEach(file -> discard(file.artifact()))))
                .map(ElementRoutes.Acted::of);
    }

    private static List<Received> received(Body body) {
        return body.json().getJsonArray("files").stream()
                .map(each -> received((JsonObject) each))
                .toList();
    }

    private static Received received(JsonObject file) {
        if (file.getString("name").indexOf('\0') >= 0) {
            throw Validation.invalid("files: a name must have no NUL characters");
        }
        String name = FileName.of(file.getString("name"));
        try {
            byte[] content = Base64.getDecoder().decode(file.getString("content"));
            return new Received(name, Buffer.buffer(content));
        } catch (IllegalArgumentException e) {
            throw Validation.invalid("files: the content of '" + name + "' is not base64");
        }
    }

    private Future<List<UploadedFile>> storeAll(SessionId id, List<Received> files) {
        List<Future<UploadedFile>> stored =
                files.stream().map(file -> store(id, file)).toList();
        return Future.join(stored)
                .map(all -> stored.stream().map(Future::result).toList())
                .onFailure(e -> stored.stream()
                        .filter(Future::succeeded)
                        .forEach(file -> discard(file.result().artifact())));
    }

    private void discard(ArtifactEntry artifact) {
        store.remove(artifact.objectKey())
                .onFailure(e -> log.warn("{} is left in the object store: {}", artifact.objectKey(), e.toString()));
    }

    private Future<UploadedFile> store(SessionId id, Received file) {
        String objectId = "upload-" + UUID.randomUUID();
        String extension = ContentTypes.extension(file.name());
        ArtifactEntry artifact = new ArtifactEntry(
                objectId,
                ArtifactType.UPLOAD,
                "sessions/%s/upload/%s.%s".formatted(id, objectId, extension),
                Optional.of(file.name()),
                Instant.now(),
                ContentTypes.of(extension),
                file.content().length(),
                ArtifactState.PENDING);
        return store.spool(artifact.objectKey(), file.content())
                .compose(safe ->
                        store.upload(artifact.objectKey()).timeout(UPLOAD_PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
                .map(stored -> new UploadedFile(file.name(), artifact.with(ArtifactState.STORED)))
                .recover(e -> {
                    log.warn("{} an upload could not be kept", id, e);
                    discard(artifact);
                    return Future.failedFuture(new BerthException(
                            ErrorCode.UPSTREAM, "'" + file.name() + "' could not be kept: try again later", e));
                });
    }
}
