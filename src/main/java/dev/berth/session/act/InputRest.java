package dev.berth.session.act;

import dev.berth.loop.Scheduler;
import dev.berth.loop.Scheduler.Timer;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.TaskSupport.AwaitNoHands;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.TimeUnit;

/** Whether people act in the live view, so that an AI task does not act against them. Runs on the session's context. */
final class InputRest {
    private final Scheduler scheduler;
    private long actedNanos;
    private long acts;

    InputRest(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void acted() {
        actedNanos = scheduler.nanos();
        acts++;
    }

    /** Completes when all rest, or when the command's time is over. */
    Future<SessionReply.HandsRest> await(AwaitNoHands command) {
        Promise<SessionReply.HandsRest> rest = Promise.promise();
        look(command, scheduler.nanos(), rest);
        return rest.future();
    }

    private void look(AwaitNoHands command, long began, Promise<SessionReply.HandsRest> rest) {
        long missing = acts > 0 ? command.quietMillis() - millisSince(actedNanos) : 0;
        long left = command.timeout() - millisSince(began);
        if (missing <= 0 || left <= 0) {
            rest.complete(new SessionReply.HandsRest(missing <= 0, acts));
            return;
        }
        Timer next = scheduler.after(Math.max(1, Math.min(missing, left)), () -> look(command, began, rest));
        rest.future().onComplete(done -> next.cancel());
    }

    private long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(scheduler.nanos() - nanos);
    }
}
