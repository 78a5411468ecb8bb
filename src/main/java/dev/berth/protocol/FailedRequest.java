package dev.berth.protocol;

import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.function.Function;

/** Tells the sender of a request that it failed, so that {@link SessionClient} and {@link AgentClient} understand it. */
public final class FailedRequest {
    private FailedRequest() {}

    /**
     * Replies with a failure.
     *
     * @param why a {@link BerthException}, or what the bus said of a request that was handed on; a failure that it told is told on
     * @param unforeseen logs any other failure, and gives what is told instead
     */
    public static void tell(Message<?> request, Throwable why, Function<Throwable, BerthException> unforeseen) {
        if (why instanceof ReplyException reply && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
            request.fail(reply.failureCode(), reply.getMessage());
            return;
        }
        BerthException told = why instanceof BerthException known
                ? known
                : why instanceof ReplyException reply ? Requests.ofBus(reply) : unforeseen.apply(why);
        request.fail(told.code().number(), told.replyText());
    }
}
