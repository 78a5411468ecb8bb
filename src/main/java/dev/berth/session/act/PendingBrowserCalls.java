package dev.berth.session.act;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Calls to a session's browser that are not answered yet. They fail when the session ends: the answers of a dying
 * browser do not matter, and the timers that would notice its silence end with the session. Runs on the session's
 * context.
 */
public final class PendingBrowserCalls {
    private final Set<Promise<?>> open = new HashSet<>();
    private Optional<Throwable> closed = Optional.empty();

    /** Completes as {@code answer} does, or fails when the session ends. */
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
