package dev.berth.http.browserbase;

import dev.berth.http.request.Validation;
import dev.berth.http.routes.FileRoutes;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileCommand.FileName;
import dev.berth.protocol.SessionReply.NamedFile;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code …/uploads}: the one part {@code file} of a multipart body becomes a file of the session, as it arrives. On the event loop of the
 * request.
 */
public final class UploadsApi {
    private static final String FILE = "file";

    private final FileRoutes files;

    public UploadsApi(FileRoutes files) {
        this.files = files;
    }

    /** The answer. */
    record Uploaded(String message) {
        static Uploaded of(NamedFile file) {
            return new Uploaded("uploaded as " + file.name()
                    + file.path()
                            .map(path -> "; CDP clients find it at " + path)
                            .orElse(""));
        }
    }

    /** The request is paused, so that none of the body has been read. */
    Future<Uploaded> create(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String type = String.valueOf(request.getHeader("Content-Type")).toLowerCase(Locale.ROOT);
        if (!type.startsWith("multipart/form-data;")) {
            request.resume();
            return Future.failedFuture(new BerthException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "the body must be multipart/form-data, with one part: " + FILE));
        }
        Promise<NamedFile> received = Promise.promise();
        Promise<Void> ended = Promise.promise();
        AtomicInteger parts = new AtomicInteger();
        request.setExpectMultipart(true)
                .uploadHandler(part -> {
                    if (parts.incrementAndGet() == 1 && part.name().equals(FILE)) {
                        receive(ctx, part).onComplete(received);
                    } else {
                        received.tryFail(wrong());
                    }
                })
                .exceptionHandler(e -> received.tryFail(Validation.invalid("the body is incomplete, or not multipart")))
                .endHandler(end -> {
                    if (parts.get() == 1) {
                        ended.complete();
                    } else {
                        ended.fail(wrong());
                    }
                });
        request.resume();
        return Future.all(received.future(), ended.future())
                .map(all -> Uploaded.of(received.future().result()));
    }

    private static BerthException wrong() {
        return Validation.invalid(FILE + ": must be the one file of the body, with its content and name");
    }

    private Future<NamedFile> receive(RoutingContext ctx, HttpServerFileUpload part) {
        part.pause();
        return files.put(ctx, FileName.of(part.filename()), part);
    }
}
