package dev.berth.session;

import dev.berth.browser.BrowserLauncher.WarmBrowser;
import dev.berth.history.SessionHistory.Queue.QueuedSession;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.FailedRequest;
import dev.berth.protocol.HandedOn;
import dev.berth.protocol.InitialPrompt;
import dev.berth.protocol.NodeCommand.DescribeNode;
import dev.berth.protocol.NodeCommand.DrainNode;
import dev.berth.protocol.NodeCommand.EndLost;
import dev.berth.protocol.NodeDrains;
import dev.berth.protocol.NodeReply;
import dev.berth.protocol.NodeReply.LostEnded;
import dev.berth.protocol.NodeStatus;
import dev.berth.protocol.Publishing;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.TaskLimits;
import dev.berth.session.machine.ClosingStep;
import dev.berth.session.machine.SessionSpec;
import dev.berth.session.record.LeftRecordings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the sessions of a node, within its limits, and ends them all at shutdown. One per node. */
public final class SessionSupervisor extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(SessionSupervisor.class);
    private static final Set<ErrorCode> FULL = Set.of(ErrorCode.CAPACITY, ErrorCode.LIMIT_REACHED);

    private final SessionServices services;
    private final String chrome;
    private final boolean sandboxed;
    private final Optional<TaskLimits> taskLimits;
    private final NodeSessions sessions = new NodeSessions();
    private long created;
    /** Whether Vert.x is closing, which undeploys the sessions first. */
    private boolean closing;

    private WaitingSessions waiting;
    private Drain drain;
    private Claims claims;
    private PromptedTasks tasks;
    private Placing placing;
    /** Completes once the sessions have ended that wait for this node alone. */
    private Future<?> waitersEnded = Future.succeededFuture();

    /**
     * @param chrome product and version of the Chrome that start-up tried
     * @param sandboxed whether Chrome's sandbox is on
     * @param taskLimits of the AI tasks that sessions are created for; empty where no model is configured
     */
    public SessionSupervisor(
            SessionServices services, String chrome, boolean sandboxed, Optional<TaskLimits> taskLimits) {
        this.services = services;
        this.chrome = chrome;
        this.sandboxed = sandboxed;
        this.taskLimits = taskLimits;
    }

    @Override
    public Future<?> start() {
        drain = new Drain(services.scheduler(), sessions, this::tellDrain);
        claims = new Claims(
                services.scheduler(), services.rows().queue(), services.rows().lost(), sessions.ids());
        waiting = new WaitingSessions(vertx, services, claims, this::places, this::takeUp);
        claims.watch();
        tasks = new PromptedTasks(vertx, taskLimits);
        placing = new Placing(vertx, services.node());
        return findLeft().compose(found -> listen());
    }

    /** Sessions that wait go on waiting, for the next process or another node. */
    @Override
    public Future<?> stop() {
        waiting.stop();
        return Future.succeededFuture();
    }

    /** From now on the node takes up sessions that wait for a place. Thread-safe. */
    public void takeWaiting() {
        context.runOnContext(ignored -> waiting.claimSome());
    }

    private void tellDrain() {
        waitersEnded = waiting.drain();
        Publishing.publish(
                vertx, Addresses.DRAINING, new NodeDrains(services.node().machineId()));
    }

    /** How many sessions that wait may come here now. */
    private int places() {
        boolean none = closing || drain.begun() || services.launcher().full().isPresent();
        return none ? 0 : services.config().max() - sessions.places();
    }

    private Future<?> listen() {
        var create = vertx.eventBus().consumer(Addresses.CREATE, this::answer);
        var own = vertx.eventBus().consumer(Addresses.node(services.node().machineId()), this::answer);
        var nearest = vertx.eventBus().localConsumer(nearest(), this::answer);
        return Future.all(create.completion(), own.completion(), nearest.completion(), waiting.listen());
    }

    private String nearest() {
        return Addresses.nearest(services.node().machineId());
    }

    /** Finds unfinished recordings of an earlier process, before this one makes any; they are saved while sessions run. */
    private Future<Void> findLeft() {
        LeftRecordings left = new LeftRecordings(
                services.rows().unfinished(),
                services.store(),
                services.videos().recorders(),
                services.videos().folders());
        return left.find(services.node().machineId()).onSuccess(left::save).mapEmpty();
    }

    /**
     * Takes no new sessions, and ends those that are still here after a while. Thread-safe.
     *
     * @param patienceMillis how long they may go on; where it was called before, the earlier end holds
     */
    public Future<Void> drain(long patienceMillis) {
        context.runOnContext(ignored -> drain.begin(patienceMillis));
        return drain.whenOver().compose(over -> waitersEnded.otherwiseEmpty()).mapEmpty();
    }

    /** How long the ends of those that are here now may take for the profiles that they save; 0 without such a session. Thread-safe. */
    public long savingMillis() {
        return sessions.anyMaySave() ? ClosingStep.savingMillis() : 0;
    }

    /** What the node tells of itself. Thread-safe. */
    public Future<NodeStatus> describe() {
        Promise<NodeStatus> told = Promise.promise();
        context.runOnContext(ignored -> told.complete(status()));
        return told.future();
    }

    /** Whether it takes no new sessions. Thread-safe. */
    public boolean isDraining() {
        return drain.begun();
    }

    /** Whether a session is here, or is being made here. Thread-safe. */
    public boolean holds(SessionId id) {
        return sessions.contains(id);
    }

    private void answer(Message<Object> message) {
        if (HandedOn.isOne(message)) {
            HandedOn.deliver(vertx, message);
            return;
        }
        Future.succeededFuture()
                .compose(now -> answerTo(message))
                .onSuccess(message::reply)
                .onFailure(e -> FailedRequest.tell(message, e, SessionSupervisor::unforeseen));
    }

    private Future<? extends NodeReply> answerTo(Message<Object> message) {
        Object command = message.body();
        if (command instanceof CreateSession request) {
            ActionSource source = Envelope.of(message).source();
            Supplier<Future<SessionAccepted>> here = () -> accept(request, source);
            if (message.address().equals(Addresses.CREATE)) {
                return placing.place(request, source, here);
            }
            return message.address().equals(nearest()) ? placing.placeHere(request, source, here) : here.get();
        } else if (command instanceof DescribeNode) {
            return Future.succeededFuture(status());
        } else if (command instanceof DrainNode order) {
            drain.begin(order.patienceMillis());
            return Future.succeededFuture(status());
        }
        return command instanceof EndLost lost
                ? endLost(lost.sessionId())
                : refuse(ErrorCode.INVALID_ARGUMENT, "not a command to a node");
    }

    private Future<LostEnded> endLost(SessionId id) {
        return isLost(id)
                .compose(lost -> waiting.end(id))
                .compose(waited ->
                        waited ? Future.succeededFuture() : claims.correct().compose(done -> isOver(id)))
                .map(new LostEnded());
    }

    /** Another node may have claimed the session and not hold it yet; this node may have claimed it in an answer that was lost. */
    private Future<Void> isOver(SessionId id) {
        return services.rows()
                .queue()
                .find(id)
                .compose(found ->
                        found.filter(row -> row.session().endReason().isEmpty()).isPresent()
                                ? refuse(ErrorCode.NOT_READY, "the session is being started; try again in a moment")
                                : Future.succeededFuture());
    }

    private Future<Void> isLost(SessionId id) {
        return sessions.contains(id)
                ? refuse(ErrorCode.NOT_READY, "the session is being created, or is ending; try again in a moment")
                : Future.succeededFuture();
    }

    private NodeStatus status() {
        return new NodeStatus(
                services.node().machineId(),
                services.config().max(),
                sessions.size() - sessions.running(),
                sessions.running(),
                waiting.own(),
                services.launcher().warm(),
                created,
                chrome,
                sandboxed,
                drain.begun());
    }

    private static BerthException unforeseen(Throwable e) {
        log.error("a command failed unexpectedly", e);
        return new BerthException(ErrorCode.UPSTREAM, "the node failed to do it; see the server's log");
    }

    /** A version of a profile that is not kept is told before anything of the session is written. */
    private Future<SessionAccepted> accept(CreateSession request, ActionSource source) {
        return request.options()
                .profile()
                .map(use -> services.profiles().requireVersion(request.userId(), use))
                .orElseGet(Future::succeededFuture)
                .compose(
                        kept -> admit(request, source),
                        e -> e instanceof BerthException gone
                                ? repeatedOr(request, gone.code(), gone.getMessage())
                                : Future.failedFuture(e));
    }

    private Future<SessionAccepted> admit(CreateSession request, ActionSource source) {
        Optional<InitialPrompt> prompt;
        Optional<ExecuteTask> task;
        try {
            prompt = request.initialPrompt().map(InitialPrompt::parse);
            task = tasks.of(request.sessionId(), request.userId(), request.keyId(), request.options(), prompt);
            if (request.options().profile().isPresent()) {
                services.profiles().requireKey();
            }
            services.launcher().requireHeld(request.options().containment());
        } catch (BerthException e) {
            return Future.failedFuture(e);
        }
        if (sessions.contains(request.sessionId())) {
            return refuse(ErrorCode.CONFLICT, "a session with this id exists");
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
                ? start(request, prompt, task, source)
                : enqueue(request, source);
    }

    private Future<SessionAccepted> start(
            CreateSession request, Optional<InitialPrompt> prompt, Optional<ExecuteTask> task, ActionSource source) {
        int most = services.config().maxPerKey();
        if (!sessions.add(request.sessionId(), request.userId(), most)) {
            return repeatedOr(
                    request, ErrorCode.LIMIT_REACHED, "you have " + most + " sessions here, the maximum of a user");
        }
        return Future.succeededFuture()
                .compose(now -> claim(request, prompt, source))
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
                .onSuccess(accepted -> created += accepted.sessionId().equals(request.sessionId()) ? 1 : 0)
                .recover(e -> e instanceof BerthException known && FULL.contains(known.code())
                        ? repeatedOr(request, known.code(), known.getMessage())
                        : Future.failedFuture(e));
    }

    /** A full node still answers a repeated request with its session. */
    private Future<SessionAccepted> repeatedOr(CreateSession request, ErrorCode otherwise, String why) {
        return services.rows()
                .sessions()
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

    private Future<SessionAccepted> claim(CreateSession request, Optional<InitialPrompt> prompt, ActionSource source) {
        SessionAccepted mine = accepted(request);
        return claims.claim(mine, () -> services.rows().sessions().claim(request, mine))
                .compose(accepted -> {
                    if (!accepted.sessionId().equals(request.sessionId())) {
                        sessions.remove(request.sessionId());
                        return Future.succeededFuture(accepted);
                    }
                    return deploy(request, prompt, accepted, source).map(accepted);
                });
    }

    private Future<?> deploy(
            CreateSession request, Optional<InitialPrompt> prompt, SessionAccepted accepted, ActionSource source) {
        return deploy(
                        request.sessionId(),
                        SessionSpec.of(
                                request, prompt, accepted, services.config().pricePerHour(), source),
                        true)
                .onSuccess(deployed -> {
                    created++;
                    services.metrics().sessions().placed(0);
                });
    }

    private Future<?> deploy(SessionId id, SessionSpec spec, boolean anew) {
        Optional<WarmBrowser> warm = services.launcher().takeWarm();
        SessionVerticle verticle = new SessionVerticle(spec, services, anew, warm);
        sessions.deployed(id, verticle);
        verticle.whenPlaceLeft()
                .onComplete(free -> context.runOnContext(ignored -> {
                    sessions.leavePlace(id);
                    closing |= verticle.isStopping();
                    waiting.placeLeft();
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
    private void takeUp(QueuedSession session) {
        SessionId id = session.id();
        sessions.add(id, session.userId(), Integer.MAX_VALUE);
        Duration waited = Duration.between(
                session.accepted().createdAt(), services.scheduler().now());
        services.metrics().sessions().placed(Math.max(0, waited.toNanos()));
        Future.succeededFuture()
                .compose(now -> deploy(id, spec(session), false))
                .onSuccess(deployed -> {
                    log.info("{} has waited {} ms for its place", id, waited.toMillis());
                    drain.came(id);
                    startTask(session);
                })
                .onFailure(e -> {
                    sessions.remove(id);
                    // The next look at the node's rows ends it.
                    log.warn("{} was claimed and can't begin: {}", id, e.getMessage());
                });
    }

    private SessionSpec spec(QueuedSession session) {
        return new SessionSpec(
                session.id(),
                session.userId(),
                services.node().machineId(),
                session.initialPrompt().map(InitialPrompt::parse),
                session.options(),
                session.metadata(),
                session.accepted().createdAt(),
                session.accepted().expiresAt(),
                services.config().pricePerHour(),
                session.source(),
                session.traceparent());
    }

    private void startTask(QueuedSession session) {
        try {
            tasks.of(
                            session.id(),
                            session.userId(),
                            session.keyId(),
                            session.options(),
                            session.initialPrompt().map(InitialPrompt::parse))
                    .ifPresent(task -> tasks.start(task)
                            .onFailure(e -> log.warn("{} did not begin: {}", task.taskId(), e.getMessage())));
        } catch (BerthException e) {
            // The node that was asked has a model, and this one has none.
            log.warn("{} its task can't begin here: {}", session.id(), e.getMessage());
            new SessionClient(vertx).ask(session.id(), new EndSession(EndReason.TASK_FAILED));
        }
    }

    private void left(SessionId id, SessionVerticle verticle, String deployment) {
        sessions.remove(id);
        drain.left();
        if (!verticle.isStopping()) {
            vertx.undeploy(deployment)
                    // Its node may close, which undeploys it, too.
                    .onFailure(e -> log.debug("{} could not be undeployed: {}", id, e.toString()));
        }
    }

    private static <T> Future<T> refuse(ErrorCode code, String why) {
        return Future.failedFuture(new BerthException(code, why));
    }
}
