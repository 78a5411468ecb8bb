package dev.berth.fake;

import dev.berth.history.SessionQueue;
import dev.berth.history.SessionQueue.QueuedSession;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import dev.berth.protocol.UsageSample.Traffic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A queue in memory that several nodes may share; what comes of a call is as a test's {@link FakeHistory} says. */
public final class FakeQueue implements SessionQueue {
    private final Vertx vertx;
    private final FakeHistory history;
    private final Scheduler clock;
    private final String machineId;
    /** Those that wait, the oldest first. */
    private final List<Row> rows = new ArrayList<>();

    private final Map<SessionId, Found> left = new ConcurrentHashMap<>();
    private volatile SessionQueue.News news;

    private record Row(CreateSession request, SessionAccepted accepted, ActionSource source, long lateNanos) {}

    public FakeQueue(Vertx vertx, FakeHistory history, Scheduler clock, String machineId) {
        this.vertx = vertx;
        this.history = history;
        this.clock = clock;
        this.machineId = machineId;
    }

    private synchronized <T> Future<T> then(String call, Supplier<Future<T>> work) {
        return history.outcome(call).compose(done -> {
            synchronized (this) {
                return work.get();
            }
        });
    }

    /** A session that another node was asked for waits. */
    public void comes(CreateSession request) {
        SessionAccepted there =
                new SessionAccepted(request.sessionId(), SessionStatus.CREATING, "other", clock.now(), clock.now());
        synchronized (this) {
            rows.add(new Row(request, there, ActionSource.REST, Long.MAX_VALUE));
        }
        news.waits();
    }

    /** Another node claims the oldest. */
    public SessionId goes() {
        SessionId id;
        synchronized (this) {
            Row oldest = rows.remove(0);
            id = oldest.accepted.sessionId();
            left.put(id, found(oldest, Optional.empty(), Optional.empty()));
        }
        news.left(id);
        return id;
    }

    @Override
    public Future<SessionAccepted> enqueue(
            CreateSession request,
            SessionAccepted accepted,
            ActionSource source,
            int most,
            IntSupplier ofUser,
            long millis) {
        return then("enqueue", () -> {
            List<Row> own = rows.stream()
                    .filter(row -> row.accepted.machineId().equals(machineId))
                    .toList();
            if (own.size() >= most) {
                return Future.failedFuture(new BerthException(ErrorCode.CAPACITY, "all places are taken"));
            }
            if (own.stream()
                            .filter(row -> row.request.userId() == request.userId())
                            .count()
                    >= ofUser.getAsInt()) {
                return Future.failedFuture(new BerthException(ErrorCode.LIMIT_REACHED, "too many of this user"));
            }
            return history.claims.claim(request, accepted).onSuccess(claimed -> {
                if (claimed.sessionId().equals(accepted.sessionId())) {
                    rows.add(new Row(request, accepted, source, clock.nanos() + millis * 1_000_000));
                    vertx.runOnContext(ignored -> news.waits());
                }
            });
        });
    }

    @Override
    public Future<Waiting> look() {
        return then(
                "look",
                () -> Future.succeededFuture(new Waiting(
                        (int) rows.stream()
                                .filter(row -> row.accepted.machineId().equals(machineId))
                                .count(),
                        (int) rows.stream().filter(row -> !isLate(row)).count(),
                        rows.stream().anyMatch(this::isLate))));
    }

    private boolean isLate(Row row) {
        return clock.nanos() >= row.lateNanos;
    }

    @Override
    public Future<List<QueuedSession>> claim(int places) {
        return then("claimWaiting", () -> {
            List<Row> oldest =
                    rows.stream().filter(row -> !isLate(row)).limit(places).toList();
            rows.removeAll(oldest);
            vertx.runOnContext(ignored -> oldest.forEach(row -> news.left(row.accepted.sessionId())));
            oldest.forEach(row -> left.put(row.accepted.sessionId(), found(row, Optional.empty(), Optional.empty())));
            return Future.succeededFuture(
                    oldest.stream().map(row -> queued(row)).toList());
        });
    }

    private QueuedSession queued(Row row) {
        return new QueuedSession(row.request, row.accepted, row.source);
    }

    @Override
    public Future<Optional<Found>> find(SessionId id) {
        return then(
                "find",
                () -> Future.succeededFuture(rows.stream()
                        .filter(row -> row.accepted.sessionId().equals(id))
                        .map(row -> found(row, Optional.of(rows.indexOf(row) + 1), Optional.empty()))
                        .findFirst()
                        .or(() -> Optional.ofNullable(left.get(id)))));
    }

    private Found found(Row row, Optional<Integer> position, Optional<EndReason> reason) {
        return new Found(
                row.request.userId(),
                new SessionDescription(
                        row.accepted.sessionId(),
                        reason.map(why -> why.terminalStatus(SessionStatus.CREATING))
                                .orElse(SessionStatus.CREATING),
                        position,
                        "",
                        "",
                        row.accepted.createdAt(),
                        Optional.empty(),
                        reason.map(why -> clock.now()),
                        reason,
                        Optional.empty(),
                        row.accepted.expiresAt(),
                        row.accepted.machineId(),
                        0,
                        0,
                        0,
                        0,
                        List.of(),
                        row.request.options(),
                        row.request.metadata(),
                        Cost.NONE,
                        Optional.empty(),
                        Optional.empty(),
                        Traffic.NONE,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        ErrorCounts.NONE,
                        List.of()));
    }

    @Override
    public Future<Set<SessionId>> waiting(Collection<SessionId> ids) {
        return then(
                "waiting",
                () -> Future.succeededFuture(rows.stream()
                        .map(row -> row.accepted.sessionId())
                        .filter(ids::contains)
                        .collect(Collectors.toSet())));
    }

    @Override
    public Future<Optional<Ended>> end(SessionId id, EndReason reason) {
        return then("endWaiting", () -> endThose(row -> id.equals(row.accepted.sessionId()), reason))
                .map(all -> all.stream().findFirst());
    }

    @Override
    public Future<List<Ended>> endOwn(EndReason reason) {
        return then(
                "endOwn",
                () -> endThose(
                        row -> row.accepted.machineId().equals(machineId) && row.source == ActionSource.CDP, reason));
    }

    private Future<List<Ended>> endThose(Predicate<Row> which, EndReason reason) {
        return Future.succeededFuture(List.copyOf(rows).stream()
                .filter(which)
                .map(row -> ended(row, reason))
                .toList());
    }

    @Override
    public Future<List<Ended>> endLate() {
        return then(
                "endLate",
                () -> Future.succeededFuture(List.copyOf(rows).stream()
                        .filter(this::isLate)
                        .map(row -> ended(row, EndReason.LAUNCH_FAILED))
                        .toList()));
    }

    private Ended ended(Row row, EndReason reason) {
        rows.remove(row);
        SessionId id = row.accepted.sessionId();
        left.put(id, found(row, Optional.empty(), Optional.of(reason)));
        vertx.runOnContext(ignored -> news.left(id));
        SessionStatus status = reason.terminalStatus(SessionStatus.CREATING);
        return new Ended(row.request.userId(), new SessionEnded(id, status, reason, clock.now(), Traffic.NONE));
    }

    @Override
    public void listen(SessionQueue.News listener) {
        news = listener;
    }
}
