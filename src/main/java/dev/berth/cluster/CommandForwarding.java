package dev.berth.cluster;

import dev.berth.history.OwnerRepository;
import dev.berth.history.OwnerRepository.Owner;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FailedRequest;
import dev.berth.protocol.HandedOn;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands requests for a session or a task, which nothing in the sender's JVM hears, to the node that holds it, as its row tells:
 * in the cluster, nodes have addresses, and not each of their sessions. For a session that waits for a place, this node answers.
 * Thread-safe.
 */
public final class CommandForwarding {
    private static final Logger log = LoggerFactory.getLogger(CommandForwarding.class);
    /** A row may be claimed, or end, between the look at it and the request to {@link Addresses#waiting}. */
    private static final int MAX_CLAIMS = 2;
    /**
     * Limit for the looks at a row. With the pauses before them, they take some 2 s, longer than a node takes from its claim of a row until
     * it listens for the session.
     */
    private static final int MAX_LOOKS = 14;
    /** The pause before the n-th look is n times this. */
    private static final long PAUSE_MILLIS = 20;

    private static final long WATCH_MILLIS = 1_000;
    /** Every so many looks, the row is read. */
    private static final int ROW_LOOKS = 5;
    /** A link that is made anew, such as that of a node which joins the cluster again, is away for a moment. */
    private static final int MAX_UNLINKED_LOOKS = 3;

    private final Vertx vertx;
    private final Scheduler scheduler;
    private final OwnerRepository owners;
    private final String machineId;
    private final Predicate<String> lives;
    private final Predicate<String> linked;
    private final List<MessageConsumer<Object>> consumers;

    private CommandForwarding(
            Vertx vertx,
            String machineId,
            Scheduler scheduler,
            OwnerRepository owners,
            Predicate<String> lives,
            Predicate<String> linked) {
        this.vertx = vertx;
        this.lives = lives;
        this.linked = linked;
        this.machineId = machineId;
        this.scheduler = scheduler;
        this.owners = owners;
        this.consumers = Stream.of(Addresses.RELAY, Addresses.relay(machineId))
                .map(address -> vertx.eventBus().consumer(address, this::receive))
                .toList();
    }

    /**
     * Completes once all nodes know it.
     *
     * @param lives whether a node has not been declared lost; thread-safe
     * @param linked whether requests can be sent to a node now; thread-safe
     */
    public static Future<CommandForwarding> start(
            Vertx vertx,
            String machineId,
            Scheduler scheduler,
            OwnerRepository owners,
            Predicate<String> lives,
            Predicate<String> linked) {
        CommandForwarding relay = new CommandForwarding(vertx, machineId, scheduler, owners, lives, linked);
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
                .compose(now -> pass(new HandedOn(vertx, message), Target.of(message), 0))
                .onSuccess(message::reply)
                .onFailure(e -> FailedRequest.tell(message, e, CommandForwarding::unforeseen));
    }

    private static BerthException unforeseen(Throwable e) {
        log.error("a request could not be forwarded to its session's node", e);
        return new BerthException(
                ErrorCode.UNAVAILABLE, "the node that holds it could not be found; see the server's log");
    }

    /** @param looks at its row before this one */
    private Future<Object> pass(HandedOn request, Target target, int looks) {
        return target.owner(owners)
                .compose(owner -> owner.filter(row -> !row.over())
                        .map(row -> ask(row, request, target)
                                .recover(e -> isMissed(row, e)
                                        ? again(row, request, target, looks, e)
                                        : Future.failedFuture(e)))
                        .orElseGet(() -> Future.failedFuture(target.absent())));
    }

    private Future<Object> ask(Owner owner, HandedOn request, Target target) {
        return owner.waits()
                ? request.here(Addresses.waiting(machineId))
                : unlessLost(target, owner.machineId(), request.to(Addresses.node(owner.machineId())));
    }

    /** Whether the session or task may have moved to a node, or ended, since its row was read. */
    private static boolean isMissed(Owner owner, Throwable e) {
        return owner.waits()
                ? e instanceof ReplyException reply && reply.failureCode() == ErrorCode.SESSION_NOT_FOUND.number()
                : HandedOn.isUnheard(e);
    }

    private Future<Object> again(Owner owner, HandedOn request, Target target, int looks, Throwable e) {
        owners.forget(target.id());
        boolean apart = !owner.waits() && !HandedOn.hasArrived(e);
        if (apart && !vertx.isClustered()) {
            // The session is on a Berth that shares this one's Postgres but not its bus: only the history can tell of
            // it.
            return Future.failedFuture(target.absent());
        } else if (looks < (owner.waits() ? MAX_CLAIMS : MAX_LOOKS)) {
            Promise<Void> pause = Promise.promise();
            scheduler.after(1 + looks * PAUSE_MILLIS, pause::complete);
            return pause.future().compose(now -> pass(request, target, looks + 1));
        }
        return Future.failedFuture(apart ? unreachable(owner.machineId()) : target.absent());
    }

    /** Fails a request whose node dies: the bus would wait for the request's deadline, up to an hour. */
    private Future<Object> unlessLost(Target target, String node, Future<Object> asked) {
        Watch watch = new Watch(target, node);
        asked.onSuccess(watch.answer::tryComplete).onFailure(watch.answer::tryFail);
        watch.answer.future().onComplete(any -> watch.timer.cancel());
        watch.later();
        return watch.answer.future();
    }

    /** Looks at the node of a request that is under way, and now and then at the row of its subject. */
    private final class Watch {
        private final Target target;
        private final String node;
        private final Promise<Object> answer = Promise.promise();
        private volatile Scheduler.Timer timer = () -> {};
        private int looks;
        private int unlinkedLooks;
        /** Whether it was at the last look: an answer that comes with the end of a session is still let through. */
        private boolean over;

        private Watch(Target target, String node) {
            this.target = target;
            this.node = node;
        }

        private void later() {
            if (!answer.future().isComplete()) {
                timer = scheduler.after(WATCH_MILLIS, this::look);
            }
        }

        private void look() {
            looks++;
            unlinkedLooks = linked.test(node) ? 0 : unlinkedLooks + 1;
            if (unlinkedLooks == MAX_UNLINKED_LOOKS) {
                answer.tryFail(unreachable(node));
            } else if (!lives.test(node) || looks % ROW_LOOKS == 0) {
                readRow();
            } else {
                later();
            }
        }

        private void readRow() {
            owners.forget(target.id());
            target.owner(owners)
                    .map(owner -> owner.map(Owner::over).orElse(true))
                    .otherwise(false)
                    .onSuccess(now -> {
                        if (now && (over || !lives.test(node))) {
                            answer.tryFail(target.absent());
                        }
                        over = now;
                        later();
                    });
        }
    }

    private static BerthException unreachable(String node) {
        return new BerthException(
                ErrorCode.NOT_READY, "node " + node + ", which holds it, can't be reached at the moment");
    }

    /** The session or task that is asked, by its address in the JVM of the node that holds it. */
    private record Target(Optional<SessionId> session, Optional<TaskId> task) {
        /** Throws {@link BerthException} at what is no request for a session or task. */
        static Target of(Message<?> message) {
            String address =
                    Optional.ofNullable(message.headers().get(Addresses.TO)).orElse("");
            Target target = new Target(Addresses.sessionOf(address), Addresses.taskOf(address));
            if (target.session.isEmpty() && target.task.isEmpty()) {
                throw new BerthException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the header " + Addresses.TO + " must be a session's or a task's address");
            }
            return target;
        }

        String id() {
            return session.map(SessionId::value)
                    .orElseGet(() -> task.orElseThrow().value());
        }

        Future<Optional<Owner>> owner(OwnerRepository owners) {
            return session.map(owners::ofSession).orElseGet(() -> owners.ofTask(task.orElseThrow()));
        }

        BerthException absent() {
            return session.isPresent()
                    ? new BerthException(ErrorCode.SESSION_NOT_FOUND, "no live session has this id")
                    : new BerthException(ErrorCode.NOT_FOUND, "no running task has this id");
        }
    }
}
