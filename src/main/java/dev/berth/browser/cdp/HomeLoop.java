package dev.berth.browser.cdp;

import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop that something lives on, which may change. Tasks of one thread run in the order in which it gave them, across
 * changes too. For any thread.
 */
final class HomeLoop {
    private static final Logger log = LoggerFactory.getLogger(HomeLoop.class);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile EventLoop loop;
    /** Whether the last change is complete; of the present event loop. */
    private boolean arrived = true;

    HomeLoop(EventLoop loop) {
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    boolean isHere() {
        return loop.inEventLoop() && arrived;
    }

    /** Whether a task would run at once: where that keeps the order. */
    boolean isReady() {
        return isHere() && tasks.isEmpty();
    }

    void execute(Runnable task) {
        if (isReady()) {
            task.run();
        } else {
            tasks.add(task);
            wake();
        }
    }

    private void wake() {
        execute(loop, this::run);
    }

    private static void execute(EventLoop on, Runnable task) {
        try {
            on.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("an event loop is gone: {}", e.toString());
        }
    }

    private void run() {
        if (!loop.inEventLoop()) {
            wake();
            return;
        }
        // Until the home has arrived on the new loop, its arrival runs the tasks.
        for (Runnable next = arrived ? tasks.poll() : null; next != null; next = isHere() ? tasks.poll() : null) {
            next.run();
        }
    }

    /**
     * From its present event loop, with nothing that it lives on in use.
     *
     * @param arrive the first that runs on the new one
     */
    void moveTo(EventLoop to, Runnable arrive) {
        arrived = false;
        loop = to;
        execute(to, () -> {
            arrived = true;
            arrive.run();
            run();
        });
    }
}
