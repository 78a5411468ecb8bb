package dev.berth.http.sockets;

import dev.berth.http.request.Connections;
import dev.berth.http.request.Problem;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A response of server-sent events: its head, heartbeats, and its end. Holds little of what the client has not taken yet, and
 * ends where the client takes nothing for some time. On the event loop of the client.
 */
final class EventStream {
    private static final Logger log = LoggerFactory.getLogger(EventStream.class);
    static final long HEARTBEAT_MILLIS = 15_000;
    private static final long FAREWELL_MILLIS = 500;
    private static final int MAX_BUFFERED_BYTES = 1 << 16;
    private static final BerthException TOO_SLOW = new BerthException(
            ErrorCode.LIMIT_REACHED, "the client read nothing for a while: connect again with Last-Event-ID");

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Scheduler scheduler;
    private final Promise<Void> over = Promise.promise();
    private Runnable beat = () -> {};
    private Scheduler.Timer timer = () -> {};
    private Buffer buffered = Buffer.buffer();
    private boolean begun;
    private int unwritten;
    private int unwrittenBefore;
    private long taken;
    private long takenBefore;

    EventStream(HttpServerRequest request, Scheduler scheduler) {
        this.request = request;
        this.response = request.response();
        this.scheduler = scheduler;
        request.resume();
        response.exceptionHandler(e -> log.debug("a reader of events: {}", e.toString()));
        response.closeHandler(left -> finish());
    }

    /** Completes when the client has left, or has been sent all. */
    Future<Void> over() {
        return over.future();
    }

    boolean isOver() {
        return over.future().isComplete();
    }

    boolean hasBegun() {
        return begun;
    }

    /** Calls {@code late}, which is to begin the stream, if it has not begun by when a client expects a heartbeat. */
    void whenLate(Runnable late) {
        if (!isOver() && !begun) {
            timer = scheduler.after(HEARTBEAT_MILLIS, late);
        }
    }

    /**
     * Sends the head.
     *
     * @param id with which a client goes on that has had no event yet
     * @param drained called when the client takes more again
     * @param heartbeat called now and then, while the client takes what is sent
     */
    void begin(String id, Runnable drained, Runnable heartbeat) {
        begun = true;
        timer.cancel();
        response.putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                // A compressor or a proxy would hold events back.
                .putHeader("Content-Encoding", "identity")
                .putHeader("X-Accel-Buffering", "no")
                .setChunked(true)
                .drainHandler(any -> drained.run());
        beat = heartbeat;
        timer = scheduler.after(HEARTBEAT_MILLIS, this::beat);
        write(EventText.head(id));
    }

    /** Ends the stream as one that has nothing more to send, so that the client need not come again. */
    void nothing() {
        if (!isOver()) {
            response.setStatusCode(204).end();
            finish();
        }
    }

    boolean isFull() {
        return buffered.length() >= MAX_BUFFERED_BYTES || hasBegun() && response.writeQueueFull();
    }

    /** The events that {@link #flush} sends. */
    Buffer buffer() {
        return buffered;
    }

    void flush() {
        if (buffered.length() > 0) {
            Buffer all = buffered;
            buffered = Buffer.buffer();
            write(all);
        }
    }

    private void write(Buffer bytes) {
        if (isOver()) {
            return;
        }
        unwritten++;
        response.write(bytes).onSuccess(done -> {
            unwritten--;
            taken++;
        });
    }

    private void beat() {
        if (isOver()) {
            return;
        }
        if (unwritten > 0 && unwrittenBefore > 0 && taken == takenBefore) {
            fail(TOO_SLOW);
            return;
        }
        if (unwritten == 0) {
            write(EventText.heartbeat());
            beat.run();
        }
        unwrittenBefore = unwritten;
        takenBefore = taken;
        timer = scheduler.after(HEARTBEAT_MILLIS, this::beat);
    }

    /** Ends the stream after all that was sent. */
    void end() {
        flush();
        if (!isOver()) {
            response.end().onComplete(sent -> finish());
        }
    }

    /** Ends the stream with a reason: as an HTTP error while nothing is sent, else as a last event if the client takes it. */
    void fail(Throwable failure) {
        if (isOver()) {
            return;
        }
        BerthException why = SocketAccess.known(failure);
        if (!hasBegun()) {
            timer.cancel();
            Problem.refuse(request, why).onComplete(sent -> finish());
            return;
        }
        log.debug("a stream of events ends: {}", why.getMessage());
        buffered = Buffer.buffer();
        response.end(Problem.event(why)).onComplete(sent -> finish());
        scheduler.after(FAREWELL_MILLIS, this::cut);
    }

    /** A client that does not read would never let the response end. */
    private void cut() {
        if (!isOver()) {
            Connections.cut(request);
            finish();
        }
    }

    private void finish() {
        timer.cancel();
        over.tryComplete();
    }
}
