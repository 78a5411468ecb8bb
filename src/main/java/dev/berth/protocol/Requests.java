package dev.berth.protocol;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/** Requests on the bus, whose failures are {@link BerthException}s. */
final class Requests {
    private Requests() {}

    /** @param absent the failure where nobody listens on the address */
    static <R> Future<R> send(
            Vertx vertx,
            Envelope envelope,
            String address,
            Object command,
            long deadlineMillis,
            BerthException absent) {
        DeliveryOptions options = new DeliveryOptions().setSendTimeout(deadlineMillis);
        envelope.writeTo(options);
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
        if (reply.failureType() == ReplyFailure.NO_HANDLERS || wasDiscarded(reply)) {
            return absent;
        }
        if (reply.failureType() == ReplyFailure.TIMEOUT) {
            return new BerthException(ErrorCode.TIMEOUT, "no answer in time");
        }
        return BerthException.ofReply(ErrorCode.ofNumber(reply.failureCode()), reply.getMessage());
    }

    /** The handler was removed between look-up and delivery: the bus reports that at once, as a timeout. */
    private static boolean wasDiscarded(ReplyException reply) {
        return reply.failureType() == ReplyFailure.TIMEOUT && reply.getMessage().startsWith("Discarded the request");
    }
}
