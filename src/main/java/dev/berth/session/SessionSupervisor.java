package dev.berth.session;

import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FailedRequest;
import dev.berth.protocol.HandedOn;
import dev.berth.protocol.NodeCommand.DescribeNode;
import dev.berth.protocol.NodeCommand.DrainNode;
import dev.berth.protocol.NodeCommand.EndLost;
import dev.berth.protocol.NodeCommand.NodeDrains;
import dev.berth.protocol.NodeCommand.NodeStatus;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.NodeCommand.UndrainNode;
import dev.berth.protocol.NodeReply;
import dev.berth.protocol.NodeReply.LostEnded;
import dev.berth.protocol.Publishing;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskSpec.TaskLimits;
import dev.berth.session.machine.ClosingStep;
import dev.berth.session.record.LeftRecordings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node at its bus addresses: takes commands to it, and ends its sessions when it is drained or shut down. One per node. */
public final class SessionSupervisor extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(SessionSupervisor.class);

    private final SessionServices services;
    private final String chrome;
    private final boolean sandboxed;
    private final Optional<TaskLimits> taskLimits;
    private final NodeSessions sessions = new NodeSessions();

    private WaitingSessions waiting;
    private Drain drain;
    private Claims claims;
    private SessionDeployments deployments;
    private Admission admission;
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
        PromptedTasks tasks = new PromptedTasks(vertx, taskLimits);
        waiting = new WaitingSessions(vertx, services, claims, this::places, session -> deployments.takeUp(session));
        deployments = new SessionDeployments(vertx, services, sessions, drain, tasks, waiting::placeLeft);
        admission = new Admission(services, sessions, drain, waiting, claims, deployments, tasks);
        claims.watch();
        placing = new Placing(vertx, services.node());
        return findLeft().compose(found -> listen());
    }

    /** Sessions that wait go on waiting, for the next process or another node. */
    @Override
    public Future<?> stop() {
        waiting.stop();
        return Future.succeededFuture();
    }

    /** Lets the node take up sessions that wait for a place, from now on. Thread-safe. */
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
        boolean none = deployments.nodeCloses()
                || drain.begun()
                || services.launcher().full().isPresent();
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
     * Takes no new sessions any more, and ends those that are still here after a while, since the process stops. Thread-safe.
     *
     * @param patienceMillis how long they may go on; where the node drains already, the earlier end holds
     */
    public Future<Void> drain(long patienceMillis) {
        Promise<Void> over = Promise.promise();
        context.runOnContext(ignored -> drain.stop(patienceMillis).onComplete(over));
        return over.future().compose(done -> waitersEnded.otherwiseEmpty()).mapEmpty();
    }

    /** How long the ends of those that are here now may take for the profiles that they save; 0 without such a session. Thread-safe. */
    public long savingMillis() {
        return sessions.anyMaySave() ? ClosingStep.savingMillis() : 0;
    }

    /** The node's own status. Thread-safe. */
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
            Supplier<Future<SessionAccepted>> here = () -> admission.accept(request, source);
            if (message.address().equals(Addresses.CREATE)) {
                return placing.place(request, source, here);
            }
            return message.address().equals(nearest()) ? placing.placeHere(request, source, here) : here.get();
        } else if (command instanceof DescribeNode) {
            return Future.succeededFuture(status());
        } else if (command instanceof DrainNode order) {
            drain.begin(order.patienceMillis());
            return Future.succeededFuture(status());
        } else if (command instanceof UndrainNode) {
            return drain.takeBack().map(back -> {
                waiting.claimSome();
                return status();
            });
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
                admission.admitted(),
                chrome,
                sandboxed,
                drain.begun());
    }

    private static BerthException unforeseen(Throwable e) {
        log.error("a command failed unexpectedly", e);
        return new BerthException(ErrorCode.UPSTREAM, "the node failed to handle the request; see the server's log");
    }

    private static <T> Future<T> refuse(ErrorCode code, String why) {
        return Future.failedFuture(new BerthException(code, why));
    }
}
