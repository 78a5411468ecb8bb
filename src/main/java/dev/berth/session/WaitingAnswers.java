package dev.berth.session;

import dev.berth.history.SessionQueue;
import dev.berth.history.SessionQueue.Ended;
import dev.berth.history.SessionQueue.Found;
import dev.berth.loop.LoopPromise;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FailedRequest;
import dev.berth.protocol.LogCommand.FollowLogs;
import dev.berth.protocol.LogCommand.UnfollowLogs;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.CheckHealth;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionCommand.ReadActions;
import dev.berth.protocol.SessionCommand.ReadArtifacts;
import dev.berth.protocol.SessionCommand.ReadLog;
import dev.berth.protocol.SessionCommand.ReadUsage;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.SessionReply.ActionSlice;
import dev.berth.protocol.SessionReply.ArtifactList;
import dev.berth.protocol.SessionReply.HealthReport;
import dev.berth.protocol.SessionReply.LogTail;
import dev.berth.protocol.SessionReply.LogsFollowed;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.protocol.SessionReply.UsageList;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionStatus.Health;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers for sessions that wait for a place, from their rows. Runs on the supervisor's context. */
final class WaitingAnswers {
    private static final Logger log = LoggerFactory.getLogger(WaitingAnswers.class);
    private static final BerthException ABSENT =
            new BerthException(ErrorCode.SESSION_NOT_FOUND, "no waiting session has this id");

    private final Vertx vertx;
    private final String machineId;
    private final Context context;
    private final Scheduler scheduler;
    private final SessionQueue rows;
    private final Consumer<Ended> onEnd;
    private static final int MAX_OF_ONE = 100;

    /** Answers to {@link AwaitRunning} that are due, by session. */
    private final Map<SessionId, List<Awaited>> awaited = new HashMap<>();

    private record Awaited(Promise<SessionReply> answer, long untilNanos) {}

    /** @param onEnd tells all of a session that was ended here */
    WaitingAnswers(Vertx vertx, String machineId, Scheduler scheduler, SessionQueue rows, Consumer<Ended> onEnd) {
        this.vertx = vertx;
        this.machineId = machineId;
        this.context = vertx.getOrCreateContext();
        this.scheduler = scheduler;
        this.rows = rows;
        this.onEnd = onEnd;
    }

    Future<Void> listen() {
        return vertx.eventBus()
                .localConsumer(
                        Addresses.waiting(machineId),
                        (Message<Object> message) -> Future.succeededFuture()
                                .compose(now -> answer(message))
                                .onSuccess(message::reply)
                                .onFailure(e -> FailedRequest.tell(message, e, WaitingAnswers::unforeseen)))
                .completion();
    }

    private static BerthException unforeseen(Throwable e) {
        log.error("a command to a waiting session failed unexpectedly", e);
        return new BerthException(ErrorCode.INTERNAL, "the node failed to handle the request; see the server's log");
    }

    private Future<? extends SessionReply> answer(Message<Object> message) {
        Envelope envelope = Envelope.of(message);
        String to = Optional.ofNullable(message.headers().get(Addresses.TO)).orElse("");
        Optional<SessionId> id = Addresses.sessionOf(to);
        if (id.isEmpty() || !(message.body() instanceof SessionCommand<?> command)) {
            return refuse(ErrorCode.INVALID_ARGUMENT, "not a command to a session");
        }
        return here(rows.find(id.get()))
                .compose(found -> found.filter(Found::waits)
                        .filter(row -> envelope.owner().orElse(row.userId()) == row.userId())
                        .<Future<? extends SessionReply>>map(row -> answer(row, command))
                        .orElseGet(WaitingAnswers::absent));
    }

    private static <T> Future<T> absent() {
        return Future.failedFuture(ABSENT);
    }

    private static <T> Future<T> refuse(ErrorCode code, String why) {
        return Future.failedFuture(new BerthException(code, why));
    }

    private Future<? extends SessionReply> answer(Found row, SessionCommand<?> command) {
        SessionId id = row.session().sessionId();
        if (command instanceof DescribeSession) {
            return Future.succeededFuture(row.session());
        } else if (command instanceof EndSession end) {
            return here(rows.end(id, end.reason()))
                    .compose(ended -> ended.map(this::over).orElseGet(WaitingAnswers::absent));
        } else if (command instanceof AwaitRunning) {
            return await(id, command.deadlineMillis());
        }
        return nothingYet(command)
                .<Future<? extends SessionReply>>map(Future::succeededFuture)
                .orElseGet(() -> refuse(
                        ErrorCode.SESSION_NOT_RUNNING, "the session is still being created; try again in a moment"));
    }

    private Future<SessionOver> over(Ended ended) {
        onEnd.accept(ended);
        return Future.succeededFuture(
                new SessionOver(ended.event().status(), ended.event().reason()));
    }

    /** The reply of a session to a query before it runs; it has nothing to tell yet. */
    private static Optional<SessionReply> nothingYet(SessionCommand<?> command) {
        if (command instanceof ReadActions) {
            return Optional.of(new ActionSlice(List.of(), 0, true));
        } else if (command instanceof ReadArtifacts) {
            return Optional.of(new ArtifactList(List.of(), true));
        } else if (command instanceof ReadLog) {
            return Optional.of(LogTail.NONE);
        } else if (command instanceof ReadUsage) {
            return Optional.of(new UsageList(List.of()));
        } else if (command instanceof FollowLogs follow) {
            return Optional.of(
                    new LogsFollowed(follow.logs().stream().collect(Collectors.toMap(Function.identity(), log -> 0L))));
        } else if (command instanceof UnfollowLogs) {
            return Optional.of(new Acknowledged());
        } else if (command instanceof CheckHealth) {
            return Optional.of(new HealthReport(
                    Health.DEGRADED,
                    SessionStatus.CREATING,
                    false,
                    "",
                    0,
                    Optional.of("the session waits for a place")));
        }
        return Optional.empty();
    }

    /** Fails with {@code SESSION_NOT_FOUND} once the session is claimed: the relay then looks up its node, and asks that. */
    private Future<SessionReply> await(SessionId id, long millis) {
        if (awaited.getOrDefault(id, List.of()).size() >= MAX_OF_ONE) {
            return refuse(
                    ErrorCode.LIMIT_REACHED, MAX_OF_ONE + " requests are already waiting for this session to run");
        }
        Awaited waits = new Awaited(Promise.promise(), scheduler.nanos() + TimeUnit.MILLISECONDS.toNanos(millis));
        awaited.merge(
                id,
                List.of(waits),
                (before, one) -> Stream.concat(before.stream(), one.stream()).toList());
        // The session may have been claimed since its row was read.
        look(id);
        return waits.answer.future();
    }

    /** Looks whether sessions that requests wait for have left the queue. */
    void lookAll() {
        awaited.replaceAll((id, all) -> all.stream().filter(this::isInTime).toList());
        awaited.values().removeIf(List::isEmpty);
        if (!awaited.isEmpty()) {
            Set<SessionId> ids = Set.copyOf(awaited.keySet());
            here(rows.waiting(ids))
                    .onSuccess(waiting ->
                            ids.stream().filter(id -> !waiting.contains(id)).forEach(this::look));
        }
    }

    void look(SessionId id) {
        if (!awaited.containsKey(id)) {
            return;
        }
        here(rows.find(id))
                .onSuccess(found -> {
                    if (found.filter(Found::waits).isEmpty()) {
                        fail(
                                id,
                                found.flatMap(row -> row.session().endReason())
                                        .map(EndReason::refusal)
                                        .orElse(ABSENT));
                    }
                })
                .onFailure(e -> log.debug("{} whether it still waits is not known: {}", id, e.toString()));
    }

    private boolean isInTime(Awaited waits) {
        return scheduler.nanos() - waits.untilNanos < 0;
    }

    private void fail(SessionId id, BerthException why) {
        Optional.ofNullable(awaited.remove(id)).orElse(List.of()).forEach(waits -> waits.answer.fail(why));
    }

    /** The node closes. */
    void stop() {
        BerthException why =
                new BerthException(ErrorCode.NOT_READY, "this node is shutting down; the session still waits");
        List.copyOf(awaited.keySet()).forEach(id -> fail(id, why));
    }

    /** Results come on other contexts. */
    private <T> Future<T> here(Future<T> result) {
        return LoopPromise.on(context, result);
    }
}
