package dev.berth.http.routes;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.http.routes.CreateAndWait.Created;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.Cost;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionEvent.SessionStarted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.Viewport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** On a bus where the test is the node and the session. */
@ExtendWith(VertxExtension.class)
class CreateAndWaitTest {
    private static final Instant AT = Instant.EPOCH;
    private static final SessionId ID = SessionId.random();
    private static final SessionOptions OPTIONS = new SessionOptions(
            SessionOptions.CHROMIUM,
            Viewport.DEFAULT,
            new SessionTimeouts(1_000, 1_000, 1_000),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private final BlockingQueue<Message<Object>> created = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message<Object>> asked = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private Future<Created> answer;

    @BeforeEach
    void create(Vertx with) throws Exception {
        vertx = with;
        RecordCodec.registerAll(vertx);
        await(vertx.eventBus().<Object>consumer(Addresses.CREATE, created::add).completion());
        CreateSession command = new CreateSession(ID, 1, Optional.empty(), OPTIONS, Map.of(), Optional.empty());
        answer = new CreateAndWait(new SessionClient(vertx), command).answer();
    }

    private void sessionListens() throws Exception {
        await(vertx.eventBus()
                .<Object>consumer(Addresses.session(ID), asked::add)
                .completion());
    }

    private void accepts(SessionId id) throws InterruptedException {
        next(created).reply(new SessionAccepted(id, SessionStatus.CREATING, "node", AT, AT));
    }

    private static Message<Object> next(BlockingQueue<Message<Object>> queue) throws InterruptedException {
        Message<Object> message = queue.poll(10, TimeUnit.SECONDS);
        assertThat(message).isNotNull();
        return message;
    }

    private static SessionDescription running() {
        return new SessionDescription(
                ID,
                SessionStatus.RUNNING,
                Optional.empty(),
                "",
                "",
                AT,
                Optional.of(AT),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                AT,
                "node",
                0,
                0,
                0,
                0,
                List.of(),
                OPTIONS,
                Map.of(),
                Cost.NONE,
                Optional.empty());
    }

    @Test
    void theSessionsOwnAnswerEndsTheWait() throws Exception {
        sessionListens();
        accepts(ID);
        Message<Object> question = next(asked);
        assertThat(question.body()).isEqualTo(new AwaitRunning());
        assertThat(answer.isComplete()).isFalse();
        question.reply(running());
        assertThat(await(answer).accepted().status()).isEqualTo(SessionStatus.RUNNING);
    }

    @Test
    void theEndOfOneThatNeverRanIsAnsweredWithItsStatus() throws Exception {
        sessionListens();
        accepts(ID);
        next(asked).fail(ErrorCode.SESSION_ENDED.number(), "its launch failed");
        vertx.eventBus()
                .publish(Addresses.events(ID), new SessionEnded(ID, SessionStatus.FAILED, EndReason.LAUNCH_FAILED, AT));
        assertThat(await(answer).accepted().status()).isEqualTo(SessionStatus.FAILED);
    }

    @Test
    void oneThatIsOverBeforeItCanBeAskedIsHeardOf() throws Exception {
        Message<Object> asksToCreate = next(created);
        vertx.eventBus()
                .publish(Addresses.events(ID), new SessionEnded(ID, SessionStatus.CANCELLED, EndReason.CLIENT, AT));
        asksToCreate.reply(new SessionAccepted(ID, SessionStatus.CREATING, "node", AT, AT));
        assertThat(await(answer).accepted().status()).isEqualTo(SessionStatus.CANCELLED);
    }

    @Test
    void whatTheEarlierRequestMadeIsAnsweredAsItIs() throws Exception {
        accepts(SessionId.random());
        assertThat(await(answer).accepted().status()).isEqualTo(SessionStatus.CREATING);
    }

    @Test
    void nothingIsListenedToAfterTheAnswer() throws Exception {
        sessionListens();
        accepts(ID);
        next(asked).reply(running());
        await(answer);
        assertThat(await(vertx.eventBus()
                        .request(Addresses.events(ID), new SessionStarted(ID, AT))
                        .map(false)
                        .otherwise(e -> e.getMessage().contains("No handlers"))))
                .isTrue();
    }
}
