package dev.berth.http.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.Owners;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OwnerLookUpsTest {
    private static final Subject SESSION = new Subject.OfSession(SessionId.random());
    private final Queue<Promise<Optional<String>>> asked = new ArrayDeque<>();
    private final Queue<Runnable> timers = new ArrayDeque<>();
    private final OwnerLookUps lookUps = new OwnerLookUps(new AskedOwners(), (task, millis) -> timers.add(task));

    private final class AskedOwners implements Owners {
        private Future<Optional<String>> ask() {
            asked.add(Promise.promise());
            return asked.peek().future();
        }

        @Override
        public Future<Optional<String>> ofSession(SessionId id) {
            return ask();
        }

        @Override
        public Future<Optional<String>> ofTask(TaskId id) {
            return ask();
        }

        @Override
        public Future<Optional<String>> ofPending(String objectId) {
            return ask();
        }

        @Override
        public Future<Boolean> isOver(SessionId id) {
            return Future.succeededFuture(false);
        }

        @Override
        public Future<Boolean> isOver(TaskId id) {
            return Future.succeededFuture(false);
        }
    }

    @Test
    void requestsAtTheSameTimeShareALookUp() {
        lookUps.of(SESSION);
        var others = IntStream.range(0, 100).mapToObj(i -> lookUps.of(SESSION)).toList();
        asked.remove().complete(Optional.of("there"));
        asked.remove().complete(Optional.of("there"));
        assertThat(asked).isEmpty();
        assertThat(others).allSatisfy(other -> assertThat(other.result()).contains("there"));
    }

    @Test
    void whatNoNodeHoldsIsRememberedForAWhile() {
        lookUps.of(SESSION);
        asked.remove().complete(Optional.empty());
        assertThat(lookUps.of(SESSION).result()).isEmpty();
        assertThat(asked).isEmpty();
        timers.remove().run();
        lookUps.of(SESSION);
        assertThat(asked).hasSize(1);
    }

    @Test
    void whatANodeHoldsIsAskedAgain() {
        lookUps.of(SESSION);
        asked.remove().complete(Optional.of("there"));
        lookUps.of(SESSION);
        assertThat(asked).hasSize(1);
    }
}
