package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.SessionEvent.ActionPerformed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCodecTest {
    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageSurvivesTheWire(Class<?> type) {
        List<Record> samples =
                ProtocolSamples.ALL.stream().filter(s -> s.getClass() == type).toList();
        assertThat(samples).as("samples of %s", type.getName()).isNotEmpty();
        for (Record sample : samples) {
            assertThat(overTheWire(sample)).isEqualTo(sample);
        }
    }

    @Test
    void actionDetailsMayHoldNull() {
        Map<String, Object> details = new HashMap<>();
        details.put("selector", null);
        ActionEntry action = new ActionEntry(
                "action-3",
                "screenshot",
                ProtocolSamples.AT,
                true,
                details,
                1,
                ActionSource.LIVE,
                Optional.empty(),
                Cost.NONE);
        assertThat(overTheWire(new ActionPerformed(ProtocolSamples.ID, 4, action)))
                .isEqualTo(new ActionPerformed(ProtocolSamples.ID, 4, action));
    }

    @Test
    void aMessageIsReadAtItsPosition() {
        RecordCodec<Record> codec = codec(SessionCommand.ReadActions.class);
        Buffer buffer = Buffer.buffer("before");
        codec.encodeToWire(buffer, new SessionCommand.ReadActions(1, 2));
        buffer.appendString("after");
        assertThat(codec.decodeFromWire("before".length(), buffer)).isEqualTo(new SessionCommand.ReadActions(1, 2));
    }

    @Test
    void serversMayStartAtTheSameTime() {
        Vertx vertx = Vertx.vertx();
        Stream.generate(() -> vertx.executeBlocking(
                        () -> {
                            RecordCodec.registerAll(vertx);
                            vertx.eventBus().publish("nobody", new NodeCommand.DescribeNode());
                            return null;
                        },
                        false))
                .limit(200)
                .toList()
                .forEach(RecordCodecTest::await);
        close(vertx);
    }

    private static void close(Vertx vertx) {
        await(vertx.close());
    }

    private static void await(Future<?> future) {
        assertThat(future.toCompletionStage().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void aRequestWithoutCodecsFailsAsOneThatNobodyTakes() {
        Vertx vertx = Vertx.vertx();
        assertThat(new SessionClient(vertx)
                        .describe("d0000000")
                        .toCompletionStage()
                        .toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("no node is ready to take this request");
        close(vertx);
    }

    @Test
    void everyMessageHasACodecNameOfItsOwn() {
        List<String> names = messages().map(type -> nameOf(type)).toList();
        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void errorNumbersAreUniqueAndNotThoseOfTheBus() {
        List<Integer> numbers =
                Arrays.stream(ErrorCode.values()).map(ErrorCode::number).toList();
        // Vert.x itself and handlers that threw reply with -1, 0 and 1.
        assertThat(numbers).doesNotHaveDuplicates().doesNotContain(-1, 0, 1);
    }

    private static Stream<Class<?>> messages() {
        return RecordCodec.messages();
    }

    private static Record overTheWire(Record message) {
        RecordCodec<Record> codec = codec(message.getClass());
        Buffer buffer = Buffer.buffer();
        codec.encodeToWire(buffer, message);
        return codec.decodeFromWire(0, buffer);
    }

    private static String nameOf(Class<?> type) {
        return codec(type).name();
    }

    @SuppressWarnings("unchecked")
    private static RecordCodec<Record> codec(Class<?> type) {
        return (RecordCodec<Record>) RecordCodec.of(type);
    }
}
