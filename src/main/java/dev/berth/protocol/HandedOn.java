package dev.berth.protocol;

import dev.berth.protocol.ExecuteTask.TaskCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request for a session or a task on its way to the node that holds it: {@link Addresses#TO} names the address of the session or
 * task, which is heard in the JVM of that node alone.
 */
public final class HandedOn {
    private static final Logger log = LoggerFactory.getLogger(HandedOn.class);
    /**
     * A node's answer where nothing listens at the address: no {@link ErrorCode}, since the session or task may have ended, or not begun to
     * listen.
     */
    private static final int NOBODY = 4042;

    private final Vertx vertx;
    private final Message<?> message;
    private final long deadlineMillis;

    /** Throws {@link BerthException} where the message is no command to a session or a task. */
    public HandedOn(Vertx vertx, Message<?> message) {
        this.vertx = vertx;
        this.message = message;
        this.deadlineMillis = deadlineMillis(message.body());
    }

    private static long deadlineMillis(Object command) {
        if (command instanceof SessionCommand<?> toSession) {
            return toSession.deadlineMillis();
        } else if (command instanceof TaskCommand) {
            return AgentClient.TASK_DEADLINE_MILLIS;
        }
        throw BerthException.invalid("only commands to sessions and tasks are handed on");
    }

    public static boolean isOne(Message<?> message) {
        return message.headers().contains(Addresses.TO);
    }

    /** Hands it on to an address of the cluster, with its headers. Gives the answer. */
    public Future<Object> to(String address) {
        return request(address, false);
    }

    /** The same to an address of this JVM. */
    public Future<Object> here(String address) {
        return request(address, true);
    }

    private Future<Object> request(String address, boolean here) {
        DeliveryOptions options = new DeliveryOptions()
                .setSendTimeout(deadlineMillis)
                .setLocalOnly(here)
                .setHeaders(message.headers());
        return vertx.eventBus().request(address, message.body(), options).map(Message::body);
    }

    /** Whether nothing heard the request. */
    public static boolean isUnheard(Throwable e) {
        return hasArrived(e) || e instanceof ReplyException reply && Requests.isAbsent(reply);
    }

    /** Whether the node that it was handed to answered that nothing hears it there. */
    public static boolean hasArrived(Throwable e) {
        return e instanceof ReplyException reply
                && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
                && reply.failureCode() == NOBODY;
    }

    private static BerthException unforeseen(Throwable e) {
        log.error("a request to another part of the server could not be delivered", e);
        return new BerthException(ErrorCode.INTERNAL, "it could not be delivered; see the server's log");
    }

    /** Refuses other addresses: a node that is asked hands requests on to sessions and tasks alone. */
    private static String to(Message<?> message) {
        String to = message.headers().get(Addresses.TO);
        if (Addresses.sessionOf(to).isEmpty() && Addresses.taskOf(to).isEmpty()) {
            throw BerthException.invalid("the header " + Addresses.TO + " must be the address of a session or a task");
        }
        return to;
    }

    /** Delivers it at the node that it was handed to, and tells the sender what was answered. */
    public static void deliver(Vertx vertx, Message<?> message) {
        Future.succeededFuture()
                .compose(now -> new HandedOn(vertx, message).here(to(message)))
                .onSuccess(message::reply)
                .onFailure(e -> {
                    if (isUnheard(e)) {
                        message.fail(NOBODY, "nothing listens there");
                    } else {
                        FailedRequest.tell(message, e, HandedOn::unforeseen);
                    }
                });
    }
}
