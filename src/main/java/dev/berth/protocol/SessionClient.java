package dev.berth.protocol;

import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.NodeCommand.NodeStatus;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.StoryCursor.StoryKind;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Optional;
import java.util.Set;

/**
 * Creates, drives, observes and ends sessions from any verticle of a JVM or cluster in which a Berth runs, without HTTP.
 *
 * <pre>{@code
 * SessionClient client = new SessionClient(vertx);
 * client.create(CreateSession.ofDefaults())
 *     .compose(accepted -> client.whenRunning(accepted.sessionId()))
 *     .compose(session -> client.ask(session.sessionId(), new Navigate("https://example.com"))
 *         .compose(loaded -> client.ask(session.sessionId(), new Evaluate("document.title")))
 *         .onSuccess(title -> System.out.println(title.json()))
 *         .eventually(() -> client.end(session.sessionId())));
 * }</pre>
 *
 * <p><b>Errors.</b> Futures fail with {@link BerthException} alone; its {@link ErrorCode} says whether the same request may succeed
 * later. Records check themselves where they are made: their constructors throw {@link ErrorCode#INVALID_ARGUMENT} and name the field.
 *
 * <p><b>Deadlines.</b> Times are milliseconds. Every request is answered, or fails with {@link ErrorCode#TIMEOUT}, within a time that
 * exceeds what the work may take: see {@link SessionCommand#deadlineMillis}. After a timeout it is not known whether the work was done.
 * Where a node dies with a request, the request fails with {@link ErrorCode#NOT_READY} some seconds after the node left the cluster, or with
 * {@link ErrorCode#SESSION_NOT_FOUND} some seconds after the node was declared lost.
 *
 * <p><b>Delivery.</b> A request is delivered at most once, and so is its answer; nothing is repeated. An event is published once its
 * entry is kept, and delivered at most once: a consumer that is not registered at that moment misses it. The entry can still be read
 * by {@link #story}. So, to have all and none twice: subscribe, read the story from the cursor on, and take only events that the
 * cursor is not past ({@link StoryCursor#isPast}). Events of one kind come in order. A handler runs on the context that subscribed;
 * a handler that throws loses that event alone. Events for a blocked event loop wait in memory without a bound: do slow work elsewhere.
 * When a verticle is undeployed, Vert.x ends its subscriptions.
 *
 * <p>It is immutable and thread-safe. Where no Berth runs in the Vertx, {@link RecordCodec#registerAll} must have been called for it.
 */
public final class SessionClient {
    private static final long CREATE_DEADLINE_MILLIS = 15_000;
    private static final long DESCRIBE_DEADLINE_MILLIS = 5_000;
    private static final long END_LOST_DEADLINE_MILLIS = 10_000;
    private static final long HISTORY_DEADLINE_MILLIS = 15_000;
    private static final int PAGE = 200;

    private static final BerthException NO_SESSION =
            new BerthException(ErrorCode.SESSION_NOT_FOUND, "no live session has this id");
    private static final BerthException NO_NODE =
            new BerthException(ErrorCode.NOT_READY, "no node is ready to take this request");

    private final Vertx vertx;
    private final Envelope envelope;
    private final Optional<String> node;
    private final boolean here;

    /** A client that may talk to every session. Its actions have the source {@link ActionSource#BUS}. */
    public SessionClient(Vertx vertx) {
        this(vertx, Envelope.EMPTY, Optional.empty(), false);
    }

    private SessionClient(Vertx vertx, Envelope envelope, Optional<String> node, boolean here) {
        this.vertx = vertx;
        this.envelope = envelope;
        this.node = node;
        this.here = here;
    }

    /**
     * A client that asks this node, instead of any, for new sessions, for what is kept, and where a session of another JVM or one that
     * waits is. Fails with {@link ErrorCode#NOT_READY} where
     * no such node answers.
     */
    public SessionClient at(String machineId) {
        return new SessionClient(vertx, envelope, Optional.of(machineId), here);
    }

    /**
     * A client that subscribes only to events and logs of sessions in this JVM. In a cluster, its subscriptions cost the other
     * nodes nothing. It still talks to all sessions.
     */
    public SessionClient here() {
        return new SessionClient(vertx, envelope, node, true);
    }

    /** A client to which sessions of other users do not exist, except in {@link #events}. */
    public SessionClient as(long userId) {
        return new SessionClient(vertx, envelope.with(userId), node, here);
    }

    /** A client whose actions, and their effects in the browser, have this source in the logs. */
    public SessionClient from(ActionSource source) {
        return new SessionClient(vertx, envelope.with(source), node, here);
    }

    /** A client each of whose actions has this cost, such as a model's tokens, in addition to the session's own. */
    public SessionClient costing(Cost cost) {
        return new SessionClient(vertx, envelope.with(cost), node, here);
    }

    /** A client whose actions act on this page, even if another one is active. */
    public SessionClient on(String pageId) {
        return new SessionClient(vertx, envelope.on(pageId), node, here);
    }

    /** A client whose actions have this reason in the log, cut at 500 characters. */
    public SessionClient because(String reason) {
        return new SessionClient(vertx, envelope.because(reason), node, here);
    }

    /** A client whose actions can be cancelled by this name: see {@link SessionCommand.CancelAction}. */
    public SessionClient calling(String name) {
        return new SessionClient(vertx, envelope.calling(name), node, here);
    }

    /**
     * Asks any node for a new session. Completes when it is recorded, before its Chrome is up: see {@link #whenRunning}. To miss none
     * of its events, subscribe to {@link CreateSession#sessionId} first. Deadline 15,000 ms.
     *
     * <p>Fails with {@link ErrorCode#CAPACITY} where there is no room, {@link ErrorCode#LIMIT_REACHED} where the user has as many
     * sessions as a key may have, {@link ErrorCode#CONFLICT} where the id or idempotency key is taken, {@link ErrorCode#UNAVAILABLE}
     * while Postgres does not answer, and {@link ErrorCode#NOT_READY} where no node is ready.
     */
    public Future<SessionAccepted> create(CreateSession command) {
        String address = node.map(here ? Addresses::nearest : Addresses::node).orElse(Addresses.CREATE);
        return requests().nearest(address, command, CREATE_DEADLINE_MILLIS, NO_NODE);
    }

    /**
     * Sends a command to a live session, and completes with its reply: {@link PageAction}, {@link ElementAction}, {@link BrowserAction}
     * and {@link RecordingAction} drive it, the {@code Read…} commands of {@link SessionCommand} tell what it has in memory. Fails with
     * {@link ErrorCode#SESSION_NOT_FOUND} where no live session has this id, and as {@link SessionCommand} says.
     *
     * <p>A screenshot, PDF or download is kept in the object store; the reply has its {@link ArtifactEntry}, not its bytes.
     */
    public <R extends SessionReply> Future<R> ask(SessionId id, SessionCommand<R> command) {
        return requests().toHolder(node, Addresses.session(id), command, command.deadlineMillis(), NO_SESSION);
    }

    /** Completes with the session once its Chrome is up. Fails with {@link ErrorCode#SESSION_ENDED} if it ends before. */
    public Future<SessionDescription> whenRunning(SessionId id) {
        return ask(id, new SessionCommand.AwaitRunning());
    }

    /**
     * Completes with the session's final state once it has ended; fails with {@link ErrorCode#SESSION_NOT_FOUND} where there is none, and
     * where it can't be asked for its state at first as {@link #describe(SessionId)} does. Completes within about 20 s of an end that
     * nobody tells of, as when a node dies with the news. An end with {@link EndReason#NODE_LOST} may be replaced later: see {@link
     * SessionEvent.SessionEnded}.
     */
    public Future<SessionDescription> whenEnded(SessionId id) {
        return AwaitedEnd.of(vertx, this, id);
    }

    /** Ends a session: see {@link SessionCommand.EndSession}. Once it is over, {@link #describe(SessionId)} has its final state. */
    public Future<SessionReply.SessionOver> end(SessionId id) {
        return ask(id, new SessionCommand.EndSession(EndReason.CLIENT));
    }

    /** The state of a session: of a live one its own, of one that is over the last one. */
    public Future<SessionDescription> describe(SessionId id) {
        return ask(id, new SessionCommand.DescribeSession())
                .recover(e -> ErrorCode.SESSION_NOT_FOUND.isOf(e) ? find(id) : Future.failedFuture(e));
    }

    Future<SessionDescription> find(SessionId id) {
        return ask(new HistoryCommand.FindSession(id)).map(HistoryReply.SessionFound::session);
    }

    /**
     * Reads what is kept of a session, all kinds of entries in the order in which they happened, from a cursor on; of a live session
     * as of one that is over. Read on from {@link HistoryReply.StoryPage#next} while pages have events.
     *
     * <pre>{@code
     * Future<StoryCursor> catchUp(SessionId id, StoryCursor from) {
     *     return client.story(id, from).compose(page -> {
     *         page.events().forEach(this::show);
     *         return page.events().isEmpty() ? Future.succeededFuture(page.next()) : catchUp(id, page.next());
     *     });
     * }
     * }</pre>
     */
    public Future<HistoryReply.StoryPage> story(SessionId id, StoryCursor from) {
        return ask(new HistoryCommand.ReadStory(id, from, Set.of(StoryKind.values()), PAGE));
    }

    /**
     * Asks a node for what is kept of a session. Fails as {@link HistoryCommand} says, and with {@link ErrorCode#NOT_READY} where no
     * node answers. Deadline 15,000 ms.
     */
    public <R extends HistoryReply> Future<R> ask(HistoryCommand<R> command) {
        String address = node.map(Addresses::history).orElse(Addresses.HISTORY);
        return requests().nearest(address, command, HISTORY_DEADLINE_MILLIS, NO_NODE);
    }

    /** Asks a node for its status. */
    public Future<NodeStatus> describe(String machineId) {
        return requests()
                .send(Addresses.node(machineId), new NodeCommand.DescribeNode(), DESCRIBE_DEADLINE_MILLIS, NO_NODE);
    }

    /** Tells a node to take no new sessions: see {@link NodeCommand.DrainNode}. */
    public Future<NodeStatus> drain(String machineId, long patienceMillis) {
        return requests()
                .send(
                        Addresses.node(machineId),
                        new NodeCommand.DrainNode(patienceMillis),
                        DESCRIBE_DEADLINE_MILLIS,
                        NO_NODE);
    }

    /** Tells a node to take new sessions again: see {@link NodeCommand.UndrainNode}. */
    public Future<NodeStatus> undrain(String machineId) {
        return requests()
                .send(Addresses.node(machineId), new NodeCommand.UndrainNode(), DESCRIBE_DEADLINE_MILLIS, NO_NODE);
    }

    /** Asks a node to end a session of its own that does not answer: see {@link NodeCommand.EndLost}. */
    public Future<NodeReply.LostEnded> endLost(String machineId, SessionId id) {
        return requests()
                .send(Addresses.node(machineId), new NodeCommand.EndLost(id), END_LOST_DEADLINE_MILLIS, NO_NODE);
    }

    /**
     * Subscribes to the events of one session, without its log entries. Await {@code completion()} before relying on it, and
     * {@code unregister()} it when it is no longer needed. Events that it may miss, and how to get them: see above.
     */
    public MessageConsumer<SessionEvent> events(SessionId id, Handler<SessionEvent> handler) {
        Handler<Message<SessionEvent>> listener = message -> handler.handle(message.body());
        return here
                ? vertx.eventBus().localConsumer(Addresses.events(id), listener)
                : vertx.eventBus().consumer(Addresses.events(id), listener);
    }

    /**
     * Follows the logs of a session from now on. The handler gets batches of up to 500 entries, the next one when it has returned.
     * Entries that come too fast for it are left out, as are those that come after it took longer than 10 s, until the subscription
     * is renewed, within 5 s: the offset of the next batch tells, and {@link #story} has them. To be closed when it is no longer
     * needed; a verticle that is undeployed is forgotten within {@value LogCommand.FollowLogs#LEASE_MILLIS} ms. Fails with
     * {@link ErrorCode#LIMIT_REACHED} where a session has eight followers.
     */
    public Future<LogSubscription> followLogs(SessionId id, Set<LogKind> logs, Handler<LogAppended> handler) {
        return LogSubscription.start(vertx, this, here, id, logs, handler);
    }

    /** Subscribes to the creation, start and end of all sessions, or of those of the user that this client is for. */
    public MessageConsumer<SessionEvent.Lifecycle> lifecycle(Handler<SessionEvent.Lifecycle> handler) {
        return vertx.eventBus().<SessionEvent.Lifecycle>consumer(Addresses.SESSIONS, message -> {
            if (envelope.owner().isEmpty()
                    || envelope.owner().equals(Envelope.of(message).owner())) {
                handler.handle(message.body());
            }
        });
    }

    private Requests requests() {
        return new Requests(vertx, envelope);
    }
}
