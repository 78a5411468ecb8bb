package dev.berth.cluster;

import dev.berth.history.Owners;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FailedRequest;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands requests for a session or a task on to the node that holds it, and to what listens for it there: in the cluster, nodes
 * have addresses, and not each of their sessions. Answers and failures come back the same way. Thread-safe.
 */
public final class Relay {
    private static final Logger log = LoggerFactory.getLogger(Relay.class);
    /** As long as anybody waits for an answer at the most. */
    private static final long MAX_MILLIS = 3_600_000;

    private static final int MAX_MOVES = 3;
    private static final String SESSION = "berth.session.";
    private static final String TASK = "berth.task.";

    private final Vertx vertx;
    private final String machineId;
    private final Owners owners;
    private final AwaitedAnswers answers;
    private final List<MessageConsumer<Object>> consumers;

    private Relay(Vertx vertx, String machineId, Owners owners, AwaitedAnswers answers) {
        this.vertx = vertx;
        this.machineId = machineId;
        this.owners = owners;
        this.answers = answers;
        this.consumers = Stream.of(Addresses.RELAY, Addresses.relay(machineId))
                .map(address -> vertx.eventBus().consumer(address, this::receive))
                .toList();
    }

    /** Completes once all nodes know it. */
    public static Future<Relay> start(Vertx vertx, String machineId, Owners owners, AwaitedAnswers answers) {
        Relay relay = new Relay(vertx, machineId, owners, answers);
        return Future.all(relay.consumers.stream()
                        .map(MessageConsumer::completion)
                        .toList())
                .map(relay);
    }

    public Future<?> close() {
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList());
    }

    private void receive(Message<Object> message) {
        Future.succeededFuture()
                .compose(now -> pass(message))
                .map(Message::body)
                .onSuccess(message::reply)
                .onFailure(e -> FailedRequest.tell(message, e, Relay::unforeseen));
    }

    private static BerthException unforeseen(Throwable e) {
        log.error("a request could not be handed on", e);
        return new BerthException(
                ErrorCode.UNAVAILABLE, "which node holds it could not be found; see the server's log");
    }

    /** Throws {@link BerthException} at what is no request for a session or task. */
    private Future<Message<Object>> pass(Message<Object> message) {
        Target target = Target.of(
                Optional.ofNullable(message.headers().get(Addresses.TO)).orElse(""));
        DeliveryOptions options = new DeliveryOptions().setSendTimeout(within(message));
        message.headers().forEach(options::addHeader);
        return pass(message, target, options, machineId, MAX_MOVES);
    }

    /**
     * A session that waits may move while it is looked for.
     *
     * @param not a node that does not have it
     * @param tries how many others are asked at the most
     */
    private Future<Message<Object>> pass(
            Message<Object> message, Target target, DeliveryOptions options, String not, int tries) {
        return vertx.eventBus()
                .<Object>request(target.address, message.body(), new DeliveryOptions(options).setLocalOnly(true))
                .recover(e -> isAbsent(e) ? elsewhere(message, target, options, not, tries) : Future.failedFuture(e));
    }

    private static long within(Message<?> message) {
        try {
            long millis = Long.parseLong(message.headers().get(Addresses.WITHIN));
            return Math.max(1, Math.min(MAX_MILLIS, millis));
        } catch (NumberFormatException e) {
            throw new BerthException(
                    ErrorCode.INVALID_ARGUMENT, "the header " + Addresses.WITHIN + " must be a number of milliseconds");
        }
    }

    private static boolean isAbsent(Throwable e) {
        return e instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }

    private Future<Message<Object>> elsewhere(
            Message<Object> message, Target target, DeliveryOptions options, String not, int tries) {
        if (message.address().equals(Addresses.relay(machineId))) {
            return Future.failedFuture(target.absent());
        }
        return target.owner(owners)
                .compose(owner -> owner.filter(id -> !id.equals(machineId) && !id.equals(not))
                        .map(id -> send(id, target, message, options)
                                .recover(e -> isUnknown(e) && tries > 1
                                        ? pass(message, target, options, id, tries - 1)
                                        : Future.failedFuture(e)))
                        .orElseGet(() -> Future.failedFuture(target.absent())));
    }

    private static boolean isUnknown(Throwable e) {
        return e instanceof ReplyException reply && reply.failureCode() == ErrorCode.SESSION_NOT_FOUND.number();
    }

    private Future<Message<Object>> send(
            String owner, Target target, Message<Object> message, DeliveryOptions options) {
        return answers.of(owner, vertx.eventBus().<Object>request(Addresses.relay(owner), message.body(), options))
                .recover(e -> isAbsent(e) ? unreachable(owner, target) : Future.failedFuture(e));
    }

    /** Where the node was lost, what it held is over: then the history tells of it. */
    private Future<Message<Object>> unreachable(String owner, Target target) {
        return target.isOver(owners)
                .compose(over -> Future.failedFuture(
                        over
                                ? target.absent()
                                : new BerthException(
                                        ErrorCode.NOT_READY,
                                        "node " + owner + ", which holds it, can't be reached now")));
    }

    /** What listens on an address in the JVM of the node that holds it. */
    private record Target(String address, Optional<SessionId> session, Optional<TaskId> task) {
        static Target of(String address) {
            if (address.startsWith(SESSION)) {
                return new Target(
                        address, Optional.of(new SessionId(address.substring(SESSION.length()))), Optional.empty());
            } else if (address.startsWith(TASK)) {
                return new Target(address, Optional.empty(), Optional.of(new TaskId(address.substring(TASK.length()))));
            }
            throw new BerthException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the header " + Addresses.TO + " must be a session's or a task's address");
        }

        Future<Optional<String>> owner(Owners owners) {
            return session.map(owners::ofSession).orElseGet(() -> owners.ofTask(task.orElseThrow()));
        }

        Future<Boolean> isOver(Owners owners) {
            return session.map(owners::isOver).orElseGet(() -> owners.isOver(task.orElseThrow()));
        }

        BerthException absent() {
            return session.isPresent()
                    ? new BerthException(ErrorCode.SESSION_NOT_FOUND, "no live session has this id")
                    : new BerthException(ErrorCode.NOT_FOUND, "no running task has this id");
        }
    }
}
