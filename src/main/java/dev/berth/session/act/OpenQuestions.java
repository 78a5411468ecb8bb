package dev.berth.session.act;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a session's browser was asked and has not answered. It fails when the session ends: what a dying browser says is no news,
 * and the timers that would tell that it says nothing end with the session. On the session's context.
 */
public final class OpenQuestions {
    private final Set<Promise<?>> open = new HashSet<>();
    private Optional<Throwable> closed = Optional.empty();

    /** Completes as {@code answer} does, or fails with the end of the session. */
    public <T> Future<T> ask(Future<T> answer) {
        if (answer.isComplete()) {
            return answer;
        }
        if (closed.isPresent()) {
            return Future.failedFuture(closed.get());
        }
        Promise<T> first = Promise.promise();
        open.add(first);
        answer.onSuccess(first::tryComplete).onFailure(first::tryFail);
        return first.future().onComplete(done -> open.remove(first));
    }

    public void close(Throwable why) {
        closed = Optional.of(why);
        List.copyOf(open).forEach(question -> question.tryFail(why));
    }
}
