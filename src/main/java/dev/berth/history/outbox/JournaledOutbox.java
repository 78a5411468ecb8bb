package dev.berth.history.outbox;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.history.Fact;
import dev.berth.history.Outbox;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what Postgres does not take in a {@link Journal}, and sends it later, oldest first, even from the next process. As long as facts
 * wait, later ones go the same way: facts of one session are written in order. The journal is used on one thread of its own.
 */
public final class JournaledOutbox implements Outbox {
    private static final Logger log = LoggerFactory.getLogger(JournaledOutbox.class);
    private static final BerthException SHUTTING_DOWN =
            new BerthException(ErrorCode.NOT_READY, "the server is shutting down");
    private static final long MAX_FILE_BYTES = 64 << 20;
    private static final long MAX_BYTES = 256 << 20;
    private static final long PATIENCE_MILLIS = 3_000;
    private static final long RETRY_MILLIS = 1_000;

    private final Vertx vertx;
    private final Function<List<Fact>, Future<Void>> postgres;
    private final Journal journal;
    private final long patienceMillis;
    private final ThreadPoolExecutor disk = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> new Thread(work, "berth-journal"));
    private final AtomicBoolean away = new AtomicBoolean();
    private volatile boolean closed;
    private volatile long timer = -1;
    /** How many facts the journal has had. */
    private volatile long given;
    /** How many of these Postgres has or has refused; less by those that can't be read, until no fact waits. */
    private volatile long sent;

    // The following fields are the disk thread's.
    private final List<Promise<Void>> unsynced = new ArrayList<>();
    /** The promises of callers that wait until so many facts are sent. */
    private final TreeMap<Long, Promise<Void>> waiting = new TreeMap<>();

    private List<Fact> batch = List.of();
    private boolean sending;

    /** @param folder of the journal */
    public JournaledOutbox(Vertx vertx, Database database, Path folder) {
        this(vertx, new FactWriter(database)::write, new Journal(folder, MAX_FILE_BYTES, MAX_BYTES), PATIENCE_MILLIS);
    }

    /**
     * @param postgres takes all of the facts or none; see {@link Sql#isRefusal} for its failures
     * @param patienceMillis how long a caller waits for Postgres
     */
    JournaledOutbox(Vertx vertx, Function<List<Fact>, Future<Void>> postgres, Journal journal, long patienceMillis) {
        this.vertx = vertx;
        this.postgres = postgres;
        this.journal = journal;
        this.patienceMillis = patienceMillis;
        disk.allowCoreThreadTimeOut(true);
    }

    /** Sends what an earlier process left; takes as long as Postgres needs. Fails if Postgres does not take it. */
    public Future<Void> start() {
        return vertx.executeBlocking(journal::open).compose(left -> {
            if (left > 0) {
                log.info("sending {} facts to Postgres that an earlier process left", left);
            }
            given = left;
            timer = vertx.setPeriodic(RETRY_MILLIS, tick -> disk.execute(this::sendWaiting));
            return whenSent();
        });
    }

    /** How many facts wait for Postgres. For any thread. */
    public long waiting() {
        return given - sent;
    }

    @Override
    public Future<Void> write(Fact fact) {
        if (closed) {
            return Future.failedFuture(SHUTTING_DOWN);
        }
        Promise<Void> safe = promise();
        (waiting() > 0 ? keep(fact) : tell(fact)).onComplete(safe);
        return safe.future();
    }

    /** A promise on the caller's context. */
    private Promise<Void> promise() {
        return LoopPromise.here(vertx);
    }

    private Future<Void> tell(Fact fact) {
        return send(List.of(fact))
                .timeout(patienceMillis, TimeUnit.MILLISECONDS)
                .recover(e -> Sql.isRefusal(e) ? Future.failedFuture(e) : keep(fact));
    }

    /** An outage is two lines in the log. */
    private Future<Void> send(List<Fact> facts) {
        return Future.succeededFuture()
                .compose(now -> postgres.apply(facts))
                .onSuccess(done -> {
                    if (away.compareAndSet(true, false)) {
                        log.info("Postgres responds again");
                    }
                })
                .onFailure(e -> {
                    if (!Sql.isRefusal(e) && away.compareAndSet(false, true)) {
                        log.warn("Postgres does not respond; facts are kept on disk until it does: {}", e.toString());
                    }
                });
    }

    private Future<Void> keep(Fact fact) {
        Promise<Void> safe = Promise.promise();
        disk.execute(() -> append(fact, safe));
        return safe.future();
    }

    private void append(Fact fact, Promise<Void> safe) {
        if (closed) {
            safe.fail(SHUTTING_DOWN);
            return;
        }
        try {
            journal.append(fact);
            given++;
            unsynced.add(safe);
            if (unsynced.size() == 1) {
                // Comes after all appends that wait for the disk now: one sync is for all of them.
                disk.execute(this::sync);
            }
        } catch (IOException e) {
            safe.fail(e);
        }
    }

    private void sync() {
        try {
            journal.sync();
            unsynced.forEach(Promise::complete);
        } catch (IOException e) {
            unsynced.forEach(safe -> safe.fail(e));
        }
        unsynced.clear();
    }

    @Override
    public Future<Void> caughtUp() {
        return waiting() == 0
                ? Future.succeededFuture()
                : whenSent()
                        .timeout(patienceMillis, TimeUnit.MILLISECONDS)
                        .recover(e -> Future.failedFuture(new BerthException(
                                ErrorCode.UNAVAILABLE, "Postgres has not caught up yet; try again", e)));
    }

    private Future<Void> whenSent() {
        Promise<Void> done = promise();
        disk.execute(() -> {
            waiting.computeIfAbsent(given, number -> Promise.promise()).future().onComplete(done);
            sendWaiting();
        });
        return done.future();
    }

    private void sendWaiting() {
        if (closed) {
            failWaiting(SHUTTING_DOWN);
        } else if (!sending) {
            sending = true;
            sendNext();
        }
    }

    private void sendNext() {
        try {
            batch = batch.isEmpty() ? journal.next() : batch;
        } catch (IOException e) {
            log.warn("facts waiting for Postgres can't be read from disk: {}", e.toString());
            stop(e);
            return;
        }
        if (batch.isEmpty()) {
            sending = false;
            sentThrough(given);
        } else {
            send(batch)
                    .recover(e -> Sql.isRefusal(e) ? sendEach(batch) : Future.failedFuture(e))
                    .onComplete(answer -> disk.execute(() -> answered(answer)));
        }
    }

    private void answered(AsyncResult<Void> answer) {
        if (closed || answer.failed()) {
            stop(closed ? SHUTTING_DOWN : answer.cause());
        } else {
            sentThrough(sent + batch.size());
            batch = List.of();
            sendNext();
        }
    }

    /** Stops sending until the next try. */
    private void stop(Throwable why) {
        sending = false;
        failWaiting(why);
    }

    private void failWaiting(Throwable why) {
        waiting.values().forEach(caller -> caller.fail(why));
        waiting.clear();
    }

    private void sentThrough(long number) {
        sent = number;
        waiting.headMap(number, true).values().forEach(Promise::complete);
        waiting.headMap(number, true).clear();
    }

    /** Sends each fact by itself. A fact that Postgres refuses now would be refused later, too: it is lost, and holds up no other. */
    private Future<Void> sendEach(List<Fact> facts) {
        Future<Void> before = Future.succeededFuture();
        for (Fact part : facts.stream().flatMap(fact -> fact.parts().stream()).toList()) {
            before = before.compose(done -> send(List.of(part))).recover(e -> {
                if (!Sql.isRefusal(e)) {
                    return Future.failedFuture(e);
                }
                String what = part.getClass().getSimpleName();
                log.error("{}: Postgres refused a waiting fact, which is lost", what, e);
                return Future.succeededFuture();
            });
        }
        return before;
    }

    /** Stops sending; the next process sends what waits. */
    public Future<Void> close() {
        Promise<Void> done = promise();
        closed = true;
        vertx.cancelTimer(timer);
        disk.execute(() -> {
            sync();
            failWaiting(SHUTTING_DOWN);
            try {
                journal.close();
                done.complete();
            } catch (IOException e) {
                done.fail(e);
            }
        });
        return done.future();
    }
}
