package dev.berth.it;

import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.ActionPerformed;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** Verticles that don't hear a session as they should. */
final class Consumers {
    private Consumers() {}

    /** Each handler throws at the first thing that it gets. */
    static final class Clumsy extends VerticleBase {
        private final SessionId id;
        final List<SessionEvent> heard = new CopyOnWriteArrayList<>();
        final List<String> lines = new CopyOnWriteArrayList<>();
        final List<Throwable> thrown = new CopyOnWriteArrayList<>();

        Clumsy(SessionId id) {
            this.id = id;
        }

        @Override
        public Future<?> start() {
            context.exceptionHandler(thrown::add);
            SessionClient client = new SessionClient(vertx);
            return client.events(id, event -> {
                        if (event instanceof ActionPerformed) {
                            keep(heard, event);
                        }
                    })
                    .completion()
                    .compose(listening -> client.followLogs(
                            id,
                            Set.of(LogKind.CONSOLE),
                            log -> log.lines().as(ConsoleEntry.class).forEach(line -> keep(lines, line.message()))));
        }

        private static <T> void keep(List<T> list, T next) {
            list.add(next);
            if (list.size() == 1) {
                throw new IllegalStateException("a consumer's fault");
            }
        }
    }

    /** On a worker, for which it may block; each batch waits for the one before. */
    static final class Slow extends VerticleBase {
        private final SessionId id;
        final Semaphore turns = new Semaphore(0);
        final List<LogAppended> batches = new CopyOnWriteArrayList<>();

        Slow(SessionId id) {
            this.id = id;
        }

        @Override
        public Future<?> start() {
            return new SessionClient(vertx).followLogs(id, Set.of(LogKind.CONSOLE), batch -> {
                batches.add(batch);
                turns.acquireUninterruptibly();
            });
        }
    }
}
