package dev.berth.http.routes;

import dev.berth.http.request.Authentication;
import dev.berth.http.request.BodyReceiver;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.Validation;
import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileCommand;
import dev.berth.protocol.FileCommand.BeginFile;
import dev.berth.protocol.FileCommand.EndFile;
import dev.berth.protocol.FileCommand.TouchFile;
import dev.berth.protocol.SessionReply.FilePlace;
import dev.berth.protocol.SessionReply.NamedFile;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code PUT …/files/:name}: writes the body to the session's disk as it arrives, no faster than the disk takes it. The session says where
 * to, and how much. On one event loop.
 */
final class FileReceiver {
    private static final int TOUCH_MILLIS = 5_000;
    /** A writer that stops here ends by itself before its session takes it for gone. */
    static final int MAX_STILL = 4;

    private static final int QUEUE_BYTES = 1 << 20;

    private final Vertx vertx;
    private final SessionAccess access;
    private final LateFiles late;
    private final CountLimit<Long> receiving = new CountLimit<>(
            new Bound(8, "you are already uploading 8 files; try again"),
            new Bound(64, new BerthException(ErrorCode.NOT_READY, "too many files are being received; try again")));

    /** @param late receives files for sessions that have ended */
    FileReceiver(Vertx vertx, SessionAccess access, LateFiles late) {
        this.vertx = vertx;
        this.access = access;
        this.late = late;
    }

    /** Pauses a request for an upload before anything else reads its body. */
    static void hold(RoutingContext ctx) {
        ctx.request().pause();
        ctx.next();
    }

    /** Completes when the file, or the part that has come, is on disk. */
    Future<NamedFile> receive(RoutingContext ctx, String name) {
        HttpServerRequest request = ctx.request();
        return Future.succeededFuture()
                .compose(now -> receiving.during(Authentication.user(ctx), () -> {
                    GivenPart part = GivenPart.of(request);
                    return access.askLive(ctx, part.begin(name))
                            .compose(
                                    place -> receive(ctx, request, name, part, place, false),
                                    e -> ErrorCode.SESSION_ENDED.isOf(e)
                                            ? receiveLate(ctx, name, part)
                                            : Future.failedFuture(e));
                }))
                .onFailure(e -> dropBody(request));
    }

    /**
     * The same for a whole file of unknown length, which is a part of the body, for a session that runs.
     *
     * @param beside as in {@link EndFile}
     */
    Future<NamedFile> receive(RoutingContext ctx, String name, ReadStream<Buffer> file, boolean beside) {
        return Future.succeededFuture()
                .compose(now -> receiving.during(
                        Authentication.user(ctx),
                        () -> access.askLive(ctx, GivenPart.WHOLE.begin(name))
                                .compose(place -> receive(ctx, file, name, GivenPart.WHOLE, place, beside))))
                .onFailure(e -> drop(file));
    }

    private Future<NamedFile> receiveLate(RoutingContext ctx, String name, GivenPart part) {
        return part.isWhole()
                ? access.describe(ctx).compose(ended -> late.receive(ctx.request(), ended, name, part.length()))
                : Future.failedFuture(Validation.invalid(
                        "Content-Range: leave it out; a session that has ended accepts only whole files"));
    }

    /** A connection can't be used before its request has been read. */
    private static void dropBody(HttpServerRequest request) {
        if (!request.isEnded()) {
            drop(request);
        }
    }

    private static void drop(ReadStream<Buffer> body) {
        body.handler(null).endHandler(null).exceptionHandler(e -> {});
        body.resume();
    }

    private Future<NamedFile> receive(
            RoutingContext ctx, ReadStream<Buffer> body, String name, GivenPart part, FilePlace place, boolean beside) {
        long maxBytes = part.length().orElse(place.maxBytes());
        return write(ctx, body, name, part.offset(), maxBytes, place)
                .transform(written -> access.askLive(ctx, new EndFile(name, written.succeeded(), beside))
                        // The cause of a broken upload tells more than the missing bytes do.
                        .transform(file -> written.succeeded() ? result(file) : Future.failedFuture(written.cause())));
    }

    private static <T> Future<T> result(AsyncResult<T> answer) {
        return answer.succeeded() ? Future.succeededFuture(answer.result()) : Future.failedFuture(answer.cause());
    }

    private Future<Void> write(
            RoutingContext ctx, ReadStream<Buffer> body, String name, long offset, long maxBytes, FilePlace place) {
        return vertx.fileSystem()
                .open(place.path(), new OpenOptions().setRead(false).setCreate(false))
                .recover(e -> Future.failedFuture(new BerthException(
                        ErrorCode.NOT_READY, "the session's disk is not on this node; try again", e)))
                .compose(file -> {
                    file.setWritePos(offset).setWriteQueueMaxSize(QUEUE_BYTES);
                    Arrival arrival = new Arrival(body, ctx.response(), file, maxBytes);
                    long timer = vertx.setPeriodic(TOUCH_MILLIS, tick -> {
                        if (arrival.goesOn()) {
                            access.askLive(ctx, new TouchFile(name)).onFailure(arrival::fail);
                        }
                    });
                    return arrival.begin()
                            .onComplete(over -> vertx.cancelTimer(timer))
                            .eventually(file::close);
                });
    }

    /** A body that goes to a file. */
    static final class Arrival {
        private final ReadStream<Buffer> body;
        private final HttpServerResponse response;
        private final AsyncFile file;
        private final long maxBytes;
        private final Promise<Void> done = Promise.promise();
        private long received;
        private long lookedAt;
        private int still;
        /** Writes that the disk has not answered. */
        private int writing;

        private boolean ended;

        /** @param response closed where the client has left */
        Arrival(ReadStream<Buffer> body, HttpServerResponse response, AsyncFile file, long maxBytes) {
            this.body = body;
            this.response = response;
            this.file = file;
            this.maxBytes = maxBytes;
        }

        /** Completes when the body has ended and the disk has taken all of it. */
        Future<Void> begin() {
            file.exceptionHandler(this::fail);
            file.drainHandler(ready -> body.resume());
            body.exceptionHandler(e -> fail(
                    e instanceof BerthException ? e : Validation.invalid("the body is incomplete: " + e.getMessage())));
            body.endHandler(end -> {
                ended = true;
                completeIfWritten();
            });
            body.handler(this::take);
            if (response.closed()) {
                fail(Validation.invalid("the client left")); // while the place was made: nothing else would tell
            }
            body.resume();
            return done.future();
        }

        /** Whether bytes have come since it was asked last, or the disk still takes some. Fails where none come any more. */
        boolean goesOn() {
            boolean goesOn = received > lookedAt || writing > 0;
            lookedAt = received;
            still = goesOn ? 0 : still + 1;
            if (still == MAX_STILL) {
                fail(Validation.invalid(
                        "the body is incomplete: no data arrived for " + MAX_STILL * TOUCH_MILLIS / 1_000 + " s"));
            }
            return goesOn;
        }

        private void take(Buffer bytes) {
            received += bytes.length();
            if (received > maxBytes) {
                fail(new BerthException(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "the file has more than the " + maxBytes
                                + " bytes that are left on the session's disk or that the request announced"));
                return;
            }
            writing++;
            file.write(bytes).onFailure(this::fail).onSuccess(written -> {
                writing--;
                completeIfWritten();
            });
            if (file.writeQueueFull()) {
                body.pause();
            }
        }

        private void completeIfWritten() {
            if (ended && writing == 0) {
                done.tryComplete();
            }
        }

        void fail(Throwable why) {
            if (done.tryFail(
                    BerthException.ofFullDisk(why).<Throwable>map(full -> full).orElse(why))) {
                body.handler(null);
            }
        }
    }

    /**
     * The bytes of a file that a request brings.
     *
     * @param offset of the first one
     * @param length empty where the request does not declare it
     * @param total size of the file; empty where it is not known
     */
    private record GivenPart(long offset, Optional<Long> length, Optional<Long> total) {
        /** A file of unknown length. */
        static final GivenPart WHOLE = new GivenPart(0, Optional.empty(), Optional.empty());

        private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,16})-(\\d{1,16})/(\\d{1,16})");

        /** The part that the request's {@code Content-Range} declares; the whole file where it has none. */
        static GivenPart of(HttpServerRequest request) {
            long bytes = BodyReceiver.declaredBytes(request);
            Optional<Long> declared = Optional.of(bytes).filter(known -> known >= 0);
            String range = request.getHeader("Content-Range");
            return range == null ? new GivenPart(0, declared, declared) : of(range, declared);
        }

        private static GivenPart of(String header, Optional<Long> declared) {
            Matcher range = RANGE.matcher(header);
            if (!range.matches()) {
                throw Validation.invalid("Content-Range must look like 'bytes 0-1023/4096', not '"
                        + header.substring(0, Math.min(100, header.length())) + "'");
            }
            long first = Long.parseLong(range.group(1));
            long last = Long.parseLong(range.group(2));
            long total = Long.parseLong(range.group(3));
            if (first > last || last >= total || total > FileCommand.MAX_BYTES) {
                throw Validation.invalid(
                        "Content-Range: " + first + "-" + last + " is not a range of " + total + " bytes");
            }
            long length = last - first + 1;
            if (declared.filter(bytes -> bytes != length).isPresent()) {
                throw Validation.invalid(
                        "Content-Range covers " + length + " bytes, but Content-Length is " + declared.get());
            }
            return new GivenPart(first, Optional.of(length), Optional.of(total));
        }

        boolean isWhole() {
            return offset == 0 && length.equals(total);
        }

        BeginFile begin(String name) {
            return new BeginFile(name, offset, total);
        }
    }
}
