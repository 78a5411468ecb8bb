package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.HistoryReply.SessionFound;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An end whose event never comes, since the node died that was to tell it. */
class AwaitedEndTest {
    private static final SessionDescription RUNNING = sample(SessionDescription.class);

    private final Vertx vertx = Vertx.vertx();
    private final Queue<Object> history = new ArrayDeque<>();

    private static <T> T sample(Class<T> type) {
        return ProtocolSamples.ALL.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    private static SessionDescription with(SessionStatus status) {
        return new SessionDescription(
                RUNNING.sessionId(),
                status,
                RUNNING.queuePosition(),
                RUNNING.currentUrl(),
                RUNNING.title(),
                RUNNING.createdAt(),
                RUNNING.startedAt(),
                RUNNING.endedAt(),
                RUNNING.endReason(),
                RUNNING.endDetail(),
                RUNNING.expiresAt(),
                RUNNING.machineId(),
                RUNNING.actionCount(),
                RUNNING.screenshotCount(),
                RUNNING.navigationCount(),
                RUNNING.duration(),
                RUNNING.navigations(),
                RUNNING.options(),
                RUNNING.metadata(),
                RUNNING.cost(),
                RUNNING.recording());
    }

    @BeforeEach
    void start() {
        RecordCodec.registerAll(vertx);
        vertx.eventBus()
                .consumer(Addresses.session(RUNNING.sessionId()), asked -> asked.reply(with(SessionStatus.RUNNING)));
        vertx.eventBus().consumer(Addresses.HISTORY, asked -> {
            Object answer = history.remove();
            if (answer instanceof ErrorCode code) {
                asked.fail(code.number(), "no");
            } else {
                asked.reply(answer);
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private Future<SessionDescription> end() {
        return AwaitedEnd.of(vertx, new SessionClient(vertx), RUNNING.sessionId(), 30);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void isFoundInTheHistory() throws Exception {
        history.addAll(List.of(
                new SessionFound(with(SessionStatus.RUNNING)),
                ErrorCode.UNAVAILABLE,
                new SessionFound(with(SessionStatus.FAILED))));
        assertThat(await(end()).status()).isEqualTo(SessionStatus.FAILED);
        assertThat(history).isEmpty();
    }

    @Test
    void aSessionThatWasTakenBackIsNotAwaited() throws Exception {
        history.add(ErrorCode.SESSION_NOT_FOUND);
        Future<Throwable> failure = end().transform(ended -> Future.succeededFuture(ended.cause()));
        assertThat(((BerthException) await(failure)).code()).isEqualTo(ErrorCode.SESSION_NOT_FOUND);
    }
}
