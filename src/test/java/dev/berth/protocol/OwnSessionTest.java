package dev.berth.protocol;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionReply.SessionOver;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class OwnSessionTest {
    private static final EndSession END = new EndSession(EndReason.CLIENT);

    private final SessionId id = SessionId.random();
    private final List<Object> asked = new CopyOnWriteArrayList<>();
    private final Promise<String> creation = Promise.promise();
    private OwnSession session;

    @BeforeEach
    void listen(Vertx vertx) throws Exception {
        RecordCodec.registerAll(vertx);
        session = new OwnSession(vertx, new SessionClient(vertx), id);
        await(vertx.eventBus()
                .consumer(Addresses.session(id), (Message<Object> message) -> {
                    asked.add(message.body());
                    message.reply(new SessionOver(SessionStatus.COMPLETED, EndReason.CLIENT));
                })
                .completion());
    }

    @Test
    void whatIsMadeAfterTheEndIsEnded() throws Exception {
        Future<String> made = session.make(creation::future);
        Future<?> ended = session.end(EndReason.CLIENT);
        assertThat(ended.isComplete()).isFalse();
        creation.complete("made");
        await(ended);
        assertThat(asked).contains(END);
        assertThatThrownBy(() -> await(made)).hasMessageContaining("before it was made");
        assertThatThrownBy(() -> await(session.make(() -> Future.succeededFuture("again"))))
                .hasCauseInstanceOf(BerthException.class);
    }

    /** The creation may have succeeded all the same. */
    @Test
    void whatTimedOutIsEnded() throws Exception {
        session.make(creation::future);
        creation.fail(new BerthException(ErrorCode.TIMEOUT, "no answer"));
        await(session.end(EndReason.CLIENT));
        assertThat(asked).containsExactly(END);
    }

    @Test
    void whatWasRefusedIsNotThereToBeEnded() throws Exception {
        session.make(creation::future);
        creation.fail(new BerthException(ErrorCode.LIMIT_REACHED, "no place"));
        await(session.end(EndReason.CLIENT));
        assertThat(asked).isEmpty();
    }
}
