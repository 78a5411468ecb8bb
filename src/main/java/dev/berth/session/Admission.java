package dev.berth.session;

import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionStatus;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/**
 * Admits new sessions to the node: to a free place, to the queue where all are taken, or not at all, by the node's and the user's
 * limits. Runs on the supervisor's context.
 */
final class Admission {
    private static final Set<ErrorCode> FULL = Set.of(ErrorCode.CAPACITY, ErrorCode.LIMIT_REACHED);

    private final SessionServices services;
    private final NodeSessions sessions;
    private final Drain drain;
    private final WaitingSessions waiting;
    private final Claims claims;
    private final SessionDeployments deployments;
    private final PromptedTasks tasks;
    private long admitted;

    Admission(
            SessionServices services,
            NodeSessions sessions,
            Drain drain,
            WaitingSessions waiting,
            Claims claims,
            SessionDeployments deployments,
            PromptedTasks tasks) {
        this.services = services;
        this.sessions = sessions;
        this.drain = drain;
        this.waiting = waiting;
        this.claims = claims;
        this.deployments = deployments;
        this.tasks = tasks;
    }

    /** How many sessions were admitted since the node started. */
    long admitted() {
        return admitted;
    }

    /**
     * Answers a repeated request with its session. Before anything of the session is written, refuses a version of a profile that is
     * not kept, and an extension that the user does not have.
     */
    Future<SessionAccepted> accept(CreateSession request, ActionSource source) {
        return request.options()
                .profile()
                .map(use -> services.profiles().requireVersion(request.userId(), use))
                .orElseGet(Future::succeededFuture)
                .compose(kept -> services.extensions()
                        .require(request.userId(), request.options().extensions()))
                .compose(
                        kept -> admit(request, source),
                        e -> e instanceof BerthException gone
                                ? repeatedOr(request, gone.code(), gone.getMessage())
                                : Future.failedFuture(e));
    }

    private Future<SessionAccepted> admit(CreateSession request, ActionSource source) {
        Optional<ExecuteTask> task;
        try {
            task = tasks.of(request);
            if (request.options().profile().isPresent()) {
                services.profiles().requireKey();
            }
            services.launcher().requireHeld(request.options());
        } catch (BerthException e) {
            return Future.failedFuture(e);
        }
        if (sessions.contains(request.sessionId())) {
            return refuse(ErrorCode.CONFLICT, "a session with this id already exists");
        }
        if (drain.begun()) {
            return refuse(ErrorCode.NOT_READY, "this node is draining: it takes no new sessions");
        }
        Optional<String> full = services.launcher().full();
        if (full.isPresent()) {
            return repeatedOr(request, ErrorCode.CAPACITY, full.get());
        }
        // A free place is for the session that has waited longest.
        return sessions.places() < services.config().max() && !waiting.anyWaits()
                ? start(request, task, source)
                : enqueue(request, source);
    }

    private Future<SessionAccepted> start(CreateSession request, Optional<ExecuteTask> task, ActionSource source) {
        int most = services.config().maxPerKey();
        if (!sessions.add(request.sessionId(), request.userId(), most)) {
            return repeatedOr(
                    request,
                    ErrorCode.LIMIT_REACHED,
                    "you have " + most + " sessions on this node, the maximum for a user");
        }
        return Future.succeededFuture()
                .compose(now -> claim(request, source))
                .onFailure(e -> sessions.remove(request.sessionId()))
                // A session whose task can't be started is here until it has ended.
                .compose(accepted -> task.filter(of -> accepted.sessionId().equals(request.sessionId()))
                        .<Future<?>>map(tasks::start)
                        .orElseGet(Future::succeededFuture)
                        .map(accepted));
    }

    /** Writes the row of a session that waits for a place, here or on another node. No node has the session until then. */
    private Future<SessionAccepted> enqueue(CreateSession request, ActionSource source) {
        int most = services.config().maxPerKey();
        return waiting.enqueue(request, accepted(request), source, () -> most - sessions.of(request.userId()))
                .onSuccess(accepted -> admitted += accepted.sessionId().equals(request.sessionId()) ? 1 : 0)
                .recover(e -> e instanceof BerthException known && FULL.contains(known.code())
                        ? repeatedOr(request, known.code(), known.getMessage())
                        : Future.failedFuture(e));
    }

    /** A full node still answers a repeated request with its session. */
    private Future<SessionAccepted> repeatedOr(CreateSession request, ErrorCode otherwise, String why) {
        return services.rows()
                .claims()
                .findRepeated(request)
                .compose(earlier -> earlier.map(Future::succeededFuture).orElseGet(() -> refuse(otherwise, why)));
    }

    private SessionAccepted accepted(CreateSession request) {
        // The bus and Postgres carry times of other precisions.
        Instant now = services.scheduler().now().truncatedTo(ChronoUnit.MILLIS);
        return new SessionAccepted(
                request.sessionId(),
                SessionStatus.CREATING,
                services.node().machineId(),
                now,
                now.plusMillis(request.options().timeouts().lifetime()));
    }

    private Future<SessionAccepted> claim(CreateSession request, ActionSource source) {
        SessionAccepted mine = accepted(request);
        return claims.claim(mine, () -> services.rows().claims().claim(request, mine))
                .compose(accepted -> {
                    if (!accepted.sessionId().equals(request.sessionId())) {
                        sessions.remove(request.sessionId());
                        return Future.succeededFuture(accepted);
                    }
                    return deployments
                            .deploy(request, accepted, source, true)
                            .onSuccess(deployed -> {
                                admitted++;
                                services.metrics().sessions().placed(0);
                            })
                            .map(accepted);
                });
    }

    private static <T> Future<T> refuse(ErrorCode code, String why) {
        return Future.failedFuture(new BerthException(code, why));
    }
}
