package dev.berth.cluster;

import dev.berth.clock.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Answers that other nodes owe. Where a node dies with a request, the bus would wait for the deadline of that, up to an hour; this, until
 * the node has been out of reach for {@value #APART_MILLIS} ms, or another process of it is heard. Thread-safe.
 */
public final class AwaitedAnswers {
    private static final long LOOK_MILLIS = 1_000;
    /** Longer than a node stands still whose requests should go on, and than a connection takes to be made anew. */
    static final long APART_MILLIS = 7_000;

    private final Scheduler scheduler;
    private final Function<String, Optional<String>> process;
    private final Set<Awaited> awaited = ConcurrentHashMap.newKeySet();
    /** In lived time. On the context on which this was started. */
    private Map<String, Long> apartSince = Map.of();

    private volatile boolean closed;

    /** Its identity counts. */
    private static final class Awaited {
        private final String node;
        private final Optional<String> asked;
        private final Runnable giveUp;

        Awaited(String node, Optional<String> asked, Runnable giveUp) {
            this.node = node;
            this.asked = asked;
            this.giveUp = giveUp;
        }

        boolean isOfAnother(Optional<String> process) {
            return asked.isPresent() && process.isPresent() && !asked.equals(process);
        }
    }

    private AwaitedAnswers(Scheduler scheduler, Function<String, Optional<String>> process) {
        this.scheduler = scheduler;
        this.process = process;
    }

    /** @param process which process of a node can be sent requests now; empty for none; thread-safe */
    public static AwaitedAnswers start(Scheduler scheduler, Function<String, Optional<String>> process) {
        AwaitedAnswers answers = new AwaitedAnswers(scheduler, process);
        answers.lookNowAndThen();
        return answers;
    }

    /** Completes as {@code answer}; fails as if nobody listened there where that node is out of reach for too long. */
    public <T> Future<T> of(String node, Future<T> answer) {
        Promise<T> first = Promise.promise();
        Awaited one = new Awaited(
                node,
                process.apply(node),
                () -> first.tryFail(new ReplyException(ReplyFailure.NO_HANDLERS, "node " + node + " is out of reach")));
        awaited.add(one);
        answer.onComplete(over -> {
            awaited.remove(one);
            if (over.succeeded()) {
                first.tryComplete(over.result());
            } else {
                first.tryFail(over.cause());
            }
        });
        return first.future();
    }

    private void lookNowAndThen() {
        scheduler.after(LOOK_MILLIS, () -> {
            if (!closed) {
                lookNowAndThen();
                look();
            }
        });
    }

    private void look() {
        long now = scheduler.nanos();
        Map<String, Optional<String>> heard =
                awaited.stream().map(one -> one.node).distinct().collect(Collectors.toMap(node -> node, process));
        Map<String, Long> apart = new HashMap<>();
        heard.forEach((node, by) -> {
            if (by.isEmpty()) {
                apart.put(node, apartSince.getOrDefault(node, now));
            }
        });
        apartSince = apart;
        awaited.removeIf(one -> {
            boolean over = now - apart.getOrDefault(one.node, now) >= TimeUnit.MILLISECONDS.toNanos(APART_MILLIS)
                    || one.isOfAnother(heard.getOrDefault(one.node, Optional.empty()));
            if (over) {
                one.giveUp.run();
            }
            return over;
        });
    }

    public void close() {
        closed = true;
    }
}
