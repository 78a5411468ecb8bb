package dev.berth.node;

import io.vertx.core.Future;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How each part of a server that was started is ended: the last one first. Parts that start side by side may add theirs. */
public final class StartedParts {
    private static final Logger log = LoggerFactory.getLogger(StartedParts.class);

    private final Deque<Supplier<Future<?>>> ends = new ConcurrentLinkedDeque<>();

    public void add(Supplier<Future<?>> end) {
        ends.push(end);
    }

    public void add(Runnable end) {
        add(() -> {
            end.run();
            return Future.succeededFuture();
        });
    }

    /** Ends all of them, whether or not one fails to. Repeating it once it is complete is harmless. */
    public Future<Void> end() {
        Supplier<Future<?>> last = ends.poll();
        if (last == null) {
            return Future.succeededFuture();
        }
        return Future.succeededFuture()
                .<Object>compose(now -> last.get().mapEmpty())
                .onFailure(e -> log.warn("a part of the server did not stop cleanly: {}", e.toString()))
                .transform(done -> end());
    }
}
