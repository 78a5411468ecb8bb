package dev.berth.protocol;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.HistoryReply.SessionFound;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The end of a session of which no event comes, as its node was lost. */
@ExtendWith(VertxExtension.class)
class AwaitedEndTest {
    private static final SessionDescription ENDED = ProtocolSamples.ENDED_SESSION;
    private static final SessionDescription LIVE = ProtocolSamples.ALL.stream()
            .filter(SessionDescription.class::isInstance)
            .map(SessionDescription.class::cast)
            .filter(session -> !session.status().terminal())
            .findFirst()
            .orElseThrow();

    private final Queue<Object> history = new ConcurrentLinkedQueue<>();
    private Vertx vertx;

    @BeforeEach
    void answer(Vertx given) throws Exception {
        vertx = given;
        RecordCodec.registerAll(vertx);
        await(vertx.eventBus()
                .consumer(Addresses.session(LIVE.sessionId()), asked -> asked.reply(LIVE))
                .completion());
        await(vertx.eventBus()
                .consumer(Addresses.HISTORY, asked -> {
                    Object answer = history.remove();
                    if (answer instanceof ErrorCode code) {
                        asked.fail(code.number(), "no");
                    } else {
                        asked.reply(answer);
                    }
                })
                .completion());
    }

    private Future<SessionDescription> end() {
        return AwaitedEnd.of(vertx, new SessionClient(vertx), LIVE.sessionId(), 30);
    }

    @Test
    void isFoundInTheHistory() throws Exception {
        history.addAll(List.of(new SessionFound(LIVE), ErrorCode.UNAVAILABLE, new SessionFound(ENDED)));
        assertThat(await(end())).isEqualTo(ENDED);
        assertThat(history).isEmpty();
    }

    @Test
    void isNotWaitedForWhereTheSessionWasTakenBack() throws Exception {
        history.add(ErrorCode.SESSION_NOT_FOUND);
        Throwable failure = await(end().transform(ended -> Future.succeededFuture(ended.cause())));
        assertThat(ErrorCode.SESSION_NOT_FOUND.isOf(failure)).isTrue();
    }
}
