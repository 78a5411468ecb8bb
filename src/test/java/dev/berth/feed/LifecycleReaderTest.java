package dev.berth.feed;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.LifecycleRepository.Numbered;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.Lifecycle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class LifecycleReaderTest {
    private final List<MessageConsumer<Lifecycle>> listening = new ArrayList<>();

    private static final class Nothing implements LifecycleReader.Stored {
        @Override
        public Future<List<Numbered>> read(long after, int limit) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<Long> last() {
            return Future.succeededFuture(7L);
        }
    }

    private static final class Nobody implements Output<Long> {
        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public void tell(SessionEvent event, Long after) {}

        @Override
        public void flush() {}

        @Override
        public void live() {}

        @Override
        public void end() {}

        @Override
        public void fail(Throwable why) {}
    }

    @Test
    void aReaderListensOnlyFromItsStartToItsEnd(Vertx vertx) throws Exception {
        Context loop = ((VertxInternal) vertx).createEventLoopContext();
        LifecycleReader.Live live = (Handler<Lifecycle> reader) -> {
            listening.add(vertx.eventBus().consumer("lifecycle", message -> {}));
            return listening.get(0);
        };
        LifecycleReader refused = new LifecycleReader(loop, new Nothing(), live, new Nobody());
        refused.close();
        assertThat(listening).isEmpty();

        LifecycleReader reader = new LifecycleReader(loop, new Nothing(), live, new Nobody());
        assertThat(await(await(on(loop, () -> reader.start(Optional.empty()))))).isEqualTo(7);
        assertThat(listening).singleElement().matches(MessageConsumer::isRegistered);
        reader.close();
        assertThat(listening).singleElement().matches(consumer -> !consumer.isRegistered());
    }
}
