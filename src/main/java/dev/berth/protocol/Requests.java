package dev.berth.protocol;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Optional;

/** Requests on the bus, whose failures are {@link BerthException}s. */
record Requests(Vertx vertx, Envelope envelope) {
    /** @param absent the failure where nobody listens on the address */
    <R> Future<R> send(String address, Object command, long deadlineMillis, BerthException absent) {
        return send(address, command, options(deadlineMillis), absent);
    }

    /** Asks who listens in this JVM; only where nobody does, any other node. */
    <R> Future<R> nearest(String address, Object command, long deadlineMillis, BerthException absent) {
        return nearest(address, command, options(deadlineMillis), absent);
    }

    private <R> Future<R> nearest(String address, Object command, DeliveryOptions options, BerthException absent) {
        Future<R> here = send(address, command, new DeliveryOptions(options).setLocalOnly(true), absent);
        return vertx.isClustered()
                ? here.recover(e -> e == absent ? send(address, command, options, absent) : Future.failedFuture(e))
                : here;
    }

    /**
     * Asks whoever listens on {@code address} in this JVM or, through a node's relay, in that of the node that holds the session or
     * task of the address.
     *
     * @param relay whose relay; empty for any node's
     */
    <R> Future<R> toHolder(
            Optional<String> relay, String address, Object command, long deadlineMillis, BerthException absent) {
        return this.<R>send(address, command, options(deadlineMillis).setLocalOnly(true), absent)
                .recover(e -> e == absent
                        ? nearest(
                                relay.map(Addresses::relay).orElse(Addresses.RELAY),
                                command,
                                options(deadlineMillis).addHeader(Addresses.TO, address),
                                absent)
                        : Future.failedFuture(e));
    }

    private DeliveryOptions options(long deadlineMillis) {
        DeliveryOptions options = new DeliveryOptions().setSendTimeout(deadlineMillis);
        envelope.writeTo(options);
        return options;
    }

    private <R> Future<R> send(String address, Object command, DeliveryOptions options, BerthException absent) {
        try {
            return vertx.eventBus()
                    .<R>request(address, command, options)
                    .map(Requests::body)
                    .recover(e -> Future.failedFuture(translate(e, absent)));
        } catch (IllegalArgumentException e) {
            // The bus has no codec for it: no Berth runs in this Vertx, or none any more.
            return Future.failedFuture(absent);
        }
    }

    /** An unreadable answer is no fault of the caller. */
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
        if (isAbsent(reply)) {
            return absent;
        }
        return reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
                ? BerthException.ofReply(ErrorCode.ofNumber(reply.failureCode()), reply.getMessage())
                : ofBus(reply);
    }

    /** The error for a failure that the bus itself reports. */
    static BerthException ofBus(ReplyException reply) {
        return switch (reply.failureType()) {
            // The bus of the node that was asked has no codec for the request.
            case ERROR ->
                new BerthException(
                        ErrorCode.NOT_READY, "the node runs another version of Berth and does not know this request");
            case NO_HANDLERS -> new BerthException(ErrorCode.NOT_READY, "the node can't be reached at the moment");
            default ->
                new BerthException(
                        ErrorCode.TIMEOUT,
                        "no answer in time",
                        "the node may have stalled: try again in a few seconds");
        };
    }

    /**
     * Whether no handler was there. Where a handler is removed between look-up and delivery, the bus reports that at once, as a timeout.
     */
    static boolean isAbsent(ReplyException reply) {
        return reply.failureType() == ReplyFailure.NO_HANDLERS
                || reply.failureType() == ReplyFailure.TIMEOUT
                        && reply.getMessage().startsWith("Discarded the request");
    }
}
