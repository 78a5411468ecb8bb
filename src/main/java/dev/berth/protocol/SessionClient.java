package dev.berth.protocol;

import dev.berth.protocol.SessionEvent.LogAppended;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Set;

/**
 * Talks to sessions from any verticle of the JVM or cluster. Futures fail with {@link BerthException}.
 *
 * <p>{@link RecordCodec#registerAll} must have been called for the bus; the server does so for its own.
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

    /** A client that may talk to every session; what it does is put down to {@link ActionSource#BUS}. */
    public SessionClient(Vertx vertx) {
        this(vertx, Envelope.EMPTY);
    }

    private SessionClient(Vertx vertx, Envelope envelope) {
        this.vertx = vertx;
        this.envelope = envelope;
    }

    /** A client for whom sessions of other users do not exist. */
    public SessionClient as(long userId) {
        return new SessionClient(vertx, envelope.with(userId));
    }

    /** A client whose actions are put down to {@code source} in the action log, and what the browser does because of them. */
    public SessionClient from(ActionSource source) {
        return new SessionClient(vertx, envelope.with(source));
    }

    /** A client each of whose actions cost this, besides what the session itself costs: a model's tokens, say. */
    public SessionClient costing(Cost cost) {
        return new SessionClient(vertx, envelope.with(cost));
    }

    /** Asks any node for a new session. */
    public Future<SessionAccepted> create(CreateSession command) {
        return request(Addresses.CREATE, command, CREATE_DEADLINE_MILLIS, NO_NODE);
    }

    /** Asks a session; {@link ErrorCode#SESSION_NOT_FOUND} where no live session has this id. */
    public <R extends SessionReply> Future<R> ask(SessionId id, SessionCommand<R> command) {
        return request(Addresses.session(id), command, command.deadlineMillis(), NO_SESSION);
    }

    /** Asks a node how it is. */
    public Future<NodeStatus> describe(String machineId) {
        return request(Addresses.node(machineId), new DescribeNode(), DESCRIBE_DEADLINE_MILLIS, NO_NODE);
    }

    /** Has a node end a session of its own that nobody answers for: see {@link EndLost}. */
    public Future<LostEnded> endLost(String machineId, SessionId id) {
        return request(Addresses.node(machineId), new EndLost(id), END_LOST_DEADLINE_MILLIS, NO_NODE);
    }

    /**
     * Hears what happens in one session, but not the entries of its logs: see {@link Addresses#events}; await
     * {@code completion()} before counting on it.
     */
    public MessageConsumer<SessionEvent> events(SessionId id, Handler<SessionEvent> handler) {
        return vertx.eventBus().consumer(Addresses.events(id), message -> handler.handle(message.body()));
    }

    /**
     * Hears the entries of a session's logs from now on, as long as it keeps up: see {@link LogCommand.FollowLogs}. Close it when it
     * is not needed any more.
     */
    public Future<LogSubscription> followLogs(SessionId id, Set<LogKind> logs, Handler<LogAppended> handler) {
        return LogSubscription.start(vertx, this, id, logs, handler);
    }

    /** Hears of all sessions that they are created, started and ended. */
    public MessageConsumer<SessionEvent.Lifecycle> lifecycle(Handler<SessionEvent.Lifecycle> handler) {
        return vertx.eventBus().consumer(Addresses.SESSIONS, message -> handler.handle(message.body()));
    }

    private <R> Future<R> request(String address, Object command, long deadlineMillis, BerthException absent) {
        DeliveryOptions options = new DeliveryOptions().setSendTimeout(deadlineMillis);
        envelope.writeTo(options);
        return vertx.eventBus()
                .<R>request(address, command, options)
                .map(SessionClient::body)
                .recover(e -> Future.failedFuture(translate(e, absent)));
    }

    /** That the answer is not good is no fault of who asked. */
    private static <R> R body(Message<R> answer) {
        try {
            return answer.body();
        } catch (BerthException e) {
            throw new BerthException(ErrorCode.INTERNAL, "the answer can't be read: " + e.getMessage(), e);
        }
    }

    private static Throwable translate(Throwable e, BerthException absent) {
        if (!(e instanceof ReplyException reply)) {
            return e;
        }
        if (reply.failureType() == ReplyFailure.NO_HANDLERS || wasDiscarded(reply)) {
            return absent;
        }
        if (reply.failureType() == ReplyFailure.TIMEOUT) {
            return new BerthException(ErrorCode.TIMEOUT, "no answer in time");
        }
        return BerthException.ofReply(ErrorCode.ofNumber(reply.failureCode()), reply.getMessage());
    }

    /** The handler went between the look-up and the delivery: the bus says so at once, in the guise of a timeout. */
    private static boolean wasDiscarded(ReplyException reply) {
        return reply.failureType() == ReplyFailure.TIMEOUT && reply.getMessage().startsWith("Discarded the request");
    }
}
