package dev.berth.protocol;

import dev.berth.protocol.SessionEvent.LogAppended;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Optional;
import java.util.Set;

/**
 * Talks to sessions from any verticle of the JVM or cluster. Futures fail with {@link BerthException}.
 *
 * <p>{@link RecordCodec#registerAll} must have been called for the Vertx; a Berth does so for its own.
 */
public final class SessionClient {
    private static final long CREATE_DEADLINE_MILLIS = 15_000;
    private static final long DESCRIBE_DEADLINE_MILLIS = 5_000;
    private static final long END_LOST_DEADLINE_MILLIS = 10_000;

    private static final BerthException NO_SESSION =
            new BerthException(ErrorCode.SESSION_NOT_FOUND, "no live session has this id");
    private static final BerthException NO_NODE =
            new BerthException(ErrorCode.NOT_READY, "no node of the deployment is ready to take this");

    private final Vertx vertx;
    private final Envelope envelope;
    private final Optional<String> node;

    /** A client that may talk to every session. Its actions have the source {@link ActionSource#BUS}. */
    public SessionClient(Vertx vertx) {
        this(vertx, Envelope.EMPTY, Optional.empty());
    }

    private SessionClient(Vertx vertx, Envelope envelope, Optional<String> node) {
        this.vertx = vertx;
        this.envelope = envelope;
        this.node = node;
    }

    private SessionClient with(Envelope other) {
        return new SessionClient(vertx, other, node);
    }

    /** A client that asks this node for new sessions, and not any. */
    public SessionClient at(String machineId) {
        return new SessionClient(vertx, envelope, Optional.of(machineId));
    }

    /** A client to which sessions of other users do not exist. */
    public SessionClient as(long userId) {
        return with(envelope.with(userId));
    }

    /** A client whose actions, and their effects in the browser, have this source in the logs. */
    public SessionClient from(ActionSource source) {
        return with(envelope.with(source));
    }

    /** A client each of whose actions has this cost, such as a model's tokens, in addition to the session's own. */
    public SessionClient costing(Cost cost) {
        return with(envelope.with(cost));
    }

    /** A client whose actions act on this page, even if another one is active. */
    public SessionClient on(String pageId) {
        return with(envelope.on(pageId));
    }

    /** A client whose actions have this reason in the log, cut at 500 characters. */
    public SessionClient because(String reason) {
        return with(envelope.because(reason));
    }

    /** A client whose actions can be cancelled by this name: see {@link SessionCommand.CancelAction}. */
    public SessionClient calling(String name) {
        return with(envelope.calling(name));
    }

    /** Asks any node for a new session. */
    public Future<SessionAccepted> create(CreateSession command) {
        return request(node.map(Addresses::node).orElse(Addresses.CREATE), command, CREATE_DEADLINE_MILLIS, NO_NODE);
    }

    /** Sends a command to a session. Fails with {@link ErrorCode#SESSION_NOT_FOUND} where no live session has this id. */
    public <R extends SessionReply> Future<R> ask(SessionId id, SessionCommand<R> command) {
        return request(Addresses.session(id), command, command.deadlineMillis(), NO_SESSION);
    }

    /** Asks a node for its status. */
    public Future<NodeStatus> describe(String machineId) {
        return request(Addresses.node(machineId), new DescribeNode(), DESCRIBE_DEADLINE_MILLIS, NO_NODE);
    }

    /** Tells a node to take no new sessions: see {@link DrainNode}. */
    public Future<NodeStatus> drain(String machineId, long patienceMillis) {
        return request(Addresses.node(machineId), new DrainNode(patienceMillis), DESCRIBE_DEADLINE_MILLIS, NO_NODE);
    }

    /** Asks a node to end a session of its own that does not answer: see {@link EndLost}. */
    public Future<LostEnded> endLost(String machineId, SessionId id) {
        return request(Addresses.node(machineId), new EndLost(id), END_LOST_DEADLINE_MILLIS, NO_NODE);
    }

    /**
     * Subscribes to the events of one session, without its log entries: see {@link Addresses#events}. Await
     * {@code completion()} before relying on it.
     */
    public MessageConsumer<SessionEvent> events(SessionId id, Handler<SessionEvent> handler) {
        return vertx.eventBus().consumer(Addresses.events(id), message -> handler.handle(message.body()));
    }

    /**
     * Subscribes to new entries of a session's logs: see {@link LogCommand.FollowLogs}. To be closed when it is no longer
     * needed.
     */
    public Future<LogSubscription> followLogs(SessionId id, Set<LogKind> logs, Handler<LogAppended> handler) {
        return LogSubscription.start(vertx, this, id, logs, handler);
    }

    /** Subscribes to the creation, start and end of all sessions, or of those of the user that this client is for. */
    public MessageConsumer<SessionEvent.Lifecycle> lifecycle(Handler<SessionEvent.Lifecycle> handler) {
        return vertx.eventBus().consumer(Addresses.SESSIONS, message -> {
            if (envelope.owner().isEmpty()
                    || envelope.owner().equals(Envelope.of(message).owner())) {
                handler.handle(message.body());
            }
        });
    }

    private <R> Future<R> request(String address, Object command, long deadlineMillis, BerthException absent) {
        return Requests.send(vertx, envelope, address, command, deadlineMillis, absent);
    }
}
