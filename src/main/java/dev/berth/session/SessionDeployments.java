package dev.berth.session;

import dev.berth.browser.BrowserLauncher.WarmBrowser;
import dev.berth.history.SessionQueue.QueuedSession;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.session.machine.SessionSpec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deploys the verticles of sessions, with a warm browser if one is ready, and undeploys them when they are over. Runs on the supervisor's context. */
final class SessionDeployments {
    private static final Logger log = LoggerFactory.getLogger(SessionDeployments.class);

    private final Vertx vertx;
    private final Context context;
    private final SessionServices services;
    private final NodeSessions sessions;
    private final Drain drain;
    private final PromptedTasks tasks;
    private final Runnable placeLeft;
    private boolean nodeCloses;

    /** @param placeLeft called when a session has left its place */
    SessionDeployments(
            Vertx vertx,
            SessionServices services,
            NodeSessions sessions,
            Drain drain,
            PromptedTasks tasks,
            Runnable placeLeft) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.services = services;
        this.sessions = sessions;
        this.drain = drain;
        this.tasks = tasks;
        this.placeLeft = placeLeft;
    }

    /** Whether Vert.x is closing, which undeploys the sessions first. */
    boolean nodeCloses() {
        return nodeCloses;
    }

    /** @param anew false where the session waited for its place */
    Future<?> deploy(CreateSession request, SessionAccepted accepted, ActionSource source, boolean anew) {
        SessionId id = request.sessionId();
        SessionSpec spec =
                new SessionSpec(request, accepted, source, services.config().pricePerHour());
        Optional<WarmBrowser> warm =
                services.launcher().takeWarm(request.options().browser());
        SessionVerticle verticle = new SessionVerticle(spec, services, anew, warm);
        sessions.deployed(id, verticle);
        verticle.whenPlaceLeft()
                .onComplete(free -> context.runOnContext(ignored -> {
                    sessions.leavePlace(id);
                    nodeCloses |= verticle.isStopping();
                    placeLeft.run();
                }));
        verticle.whenRunning().onSuccess(up -> context.runOnContext(ignored -> sessions.started(id)));
        return vertx.deployVerticle(verticle)
                .onSuccess(deployment -> {
                    verticle.whenOver()
                            .onComplete(over -> context.runOnContext(ignored -> left(id, verticle, deployment)));
                })
                .onFailure(e -> warm.ifPresent(WarmBrowser::discard));
    }

    /** Begins a session that waited, and that this node has claimed. Its user's limit was checked at its creation. */
    void takeUp(QueuedSession session) {
        SessionId id = session.id();
        sessions.add(id, session.request().userId(), Integer.MAX_VALUE);
        Duration waited = Duration.between(
                session.accepted().createdAt(), services.scheduler().now());
        services.metrics().sessions().placed(Math.max(0, waited.toNanos()));
        Future.succeededFuture()
                .compose(now -> deploy(session.request(), session.accepted(), session.source(), false))
                .onSuccess(deployed -> {
                    log.info("{} got a place after waiting {} ms", id, waited.toMillis());
                    drain.came(id);
                    startTask(session);
                })
                .onFailure(e -> {
                    sessions.remove(id);
                    // The next look at the node's rows ends this session.
                    log.warn("{} was claimed but can't start: {}", id, e.getMessage());
                });
    }

    private void startTask(QueuedSession session) {
        try {
            tasks.of(session.request())
                    .ifPresent(task -> tasks.start(task)
                            .onFailure(e -> log.warn("{} did not start: {}", task.taskId(), e.getMessage())));
        } catch (BerthException e) {
            // The node that was asked has a model, and this one has none.
            log.warn("{} its AI task can't start on this node: {}", session.id(), e.getMessage());
            new SessionClient(vertx).ask(session.id(), new EndSession(EndReason.TASK_FAILED));
        }
    }

    private void left(SessionId id, SessionVerticle verticle, String deployment) {
        sessions.remove(id);
        drain.left();
        if (!verticle.isStopping()) {
            vertx.undeploy(deployment)
                    // The node may be closing, which undeploys its sessions, too.
                    .onFailure(e -> log.debug("{} could not be undeployed: {}", id, e.toString()));
        }
    }
}
