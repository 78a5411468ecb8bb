package dev.berth.http.sockets;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.access.KeySockets;
import dev.berth.fake.HandScheduler;
import dev.berth.http.sockets.StreamDoor.Subscriber;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Behind the door that opens streams. */
@ExtendWith(VertxExtension.class)
@Timeout(60)
class NumberedStreamTest {
    private final Promise<MessageConsumer<?>> listening = Promise.promise();

    /** Has told seven entries, and will tell no more. */
    private final class Silent implements NumberedStream.Source<String> {
        private final Vertx vertx;

        Silent(Vertx vertx) {
            this.vertx = vertx;
        }

        @Override
        public MessageConsumer<?> listen(Runnable heard) {
            MessageConsumer<?> consumer = vertx.eventBus().consumer("told", message -> heard.run());
            listening.complete(consumer);
            return consumer;
        }

        @Override
        public Future<Optional<Long>> start() {
            return Future.succeededFuture(Optional.of(7L));
        }

        @Override
        public Future<List<String>> read(long after) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public long write(Buffer out, String entry) {
            throw new AssertionError("nothing is told");
        }

        @Override
        public boolean isEnd(List<String> page) {
            return false;
        }
    }

    @Test
    void aStreamListensUntilItsClientLeaves(Vertx vertx) throws Exception {
        Context loop = ((VertxInternal) vertx).createEventLoopContext();
        int port = await(await(on(loop, () -> {
                    KeySockets keys = new KeySockets(id -> Future.succeededFuture(Optional.of(Instant.MAX)));
                    StreamDoor door = new StreamDoor(vertx, new HandScheduler(), new SocketPlaces(100), keys);
                    return vertx.createHttpServer()
                            .requestHandler(request -> door.open(
                                    request,
                                    () -> Future.succeededFuture(
                                            new Subscriber(1, "told", new NumberedStream<>(loop, new Silent(vertx))))))
                            .listen(0, "127.0.0.1");
                })))
                .actualPort();
        try (Socket client = new Socket("127.0.0.1", port)) {
            client.setSoTimeout(20_000);
            client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            StringBuilder text = new StringBuilder();
            while (text.indexOf("id: 7\n\n") < 0) {
                text.append((char) client.getInputStream().read());
            }
            assertThat(await(listening.future()).isRegistered()).isTrue();
        }
        while (await(listening.future()).isRegistered()) {
            Thread.onSpinWait();
        }
    }
}
