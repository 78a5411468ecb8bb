package dev.berth.http.oneshot;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.http.oneshot.OneShot.Step;
import dev.berth.protocol.ActionReply.EvaluationResult;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.ProtocolSamples;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.VerbChoices.WaitUntil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One-shots in a session that this test plays. */
@ExtendWith(VertxExtension.class)
class OneShotRunTest {
    private static final SessionDescription RUNNING = ProtocolSamples.ALL.stream()
            .filter(SessionDescription.class::isInstance)
            .map(SessionDescription.class::cast)
            .filter(session -> !session.status().terminal())
            .findFirst()
            .orElseThrow();
    private static final NavigationResult OPENED = new NavigationResult("http://a.test/", "A", Optional.of(200), true);

    private final CreateSession create = CreateSession.ofDefaults();
    private final HandScheduler clock = new HandScheduler();
    private final List<Object> asked = Collections.synchronizedList(new ArrayList<>());
    /** What the session answers, by the commands; a command without an answer gets none. */
    private final Map<Class<?>, Object> answers = new HashMap<>(Map.of(
            AwaitRunning.class,
            RUNNING,
            Navigate.class,
            OPENED,
            Evaluate.class,
            new EvaluationResult("1", "number"),
            EndSession.class,
            new SessionOver(SessionStatus.COMPLETED, EndReason.CLIENT)));

    private OneShotRun run;

    @BeforeEach
    void play(Vertx vertx) throws Exception {
        RecordCodec.registerAll(vertx);
        answers.put(
                CreateSession.class,
                new SessionAccepted(
                        create.sessionId(), SessionStatus.CREATING, "node", RUNNING.createdAt(), RUNNING.expiresAt()));
        for (String address : List.of(Addresses.CREATE, Addresses.session(create.sessionId()))) {
            await(vertx.eventBus().consumer(address, this::answer).completion());
        }
        OneShot shot = new OneShot(
                create,
                List.of(
                        new Step(millis -> new Navigate("http://a.test/", WaitUntil.LOAD, millis)),
                        new Step(millis -> new Evaluate("1", millis))),
                1_000);
        run = new OneShotRun(vertx, new SessionClient(vertx), clock, shot);
    }

    private void answer(Message<Object> command) {
        asked.add(command.body());
        Object answer = answers.get(command.body().getClass());
        if (answer instanceof BerthException refusal) {
            command.fail(refusal.code().number(), refusal.replyText());
        } else if (answer != null) {
            command.reply(answer);
        }
    }

    private Future<Integer> begin() {
        return run.run(replies -> Future.succeededFuture(replies.size()));
    }

    private BerthException failure(Future<?> begun) throws Exception {
        return (BerthException) await(begun.transform(done -> Future.succeededFuture(done.cause())));
    }

    private List<EndReason> ends() {
        return List.copyOf(asked).stream()
                .filter(EndSession.class::isInstance)
                .map(end -> ((EndSession) end).reason())
                .toList();
    }

    @Test
    void itsSessionEndsWithTheAnswer() throws Exception {
        List<SessionReply> given = await(run.run(replies -> {
            assertThat(ends()).isEmpty();
            return Future.succeededFuture(replies);
        }));
        assertThat(given).containsExactly(OPENED, (SessionReply) answers.get(Evaluate.class));
        await(run.over());
        assertThat(ends()).containsExactly(EndReason.CLIENT);
    }

    @Test
    void aStepHasTheTimeThatIsLeft() throws Exception {
        clock.advance(300);
        await(begin());
        assertThat(asked).contains(new Navigate("http://a.test/", WaitUntil.LOAD, 700));
    }

    @Test
    void aStepThatFailsIsTheLast() throws Exception {
        answers.put(Navigate.class, new BerthException(ErrorCode.ACTION_FAILED, "no such host"));
        assertThat(failure(begin())).hasMessage("no such host");
        await(run.over());
        assertThat(asked).noneMatch(Evaluate.class::isInstance);
        assertThat(ends()).containsExactly(EndReason.CLIENT);
    }

    @Test
    void aFileIsNoPage() throws Exception {
        answers.put(Navigate.class, new NavigationResult("http://a.test/", "", Optional.empty(), false));
        assertThat(failure(begin()).code()).isEqualTo(ErrorCode.ACTION_FAILED);
    }

    @Test
    void aRefusedSessionIsNotEnded() throws Exception {
        answers.put(CreateSession.class, new BerthException(ErrorCode.CAPACITY, "full"));
        assertThat(failure(begin()).code()).isEqualTo(ErrorCode.CAPACITY);
        await(run.over());
        assertThat(run.made().failed()).isTrue();
        assertThat(ends()).isEmpty();
    }

    @Test
    void waitingForAPlaceCountsAsTime() throws Exception {
        answers.remove(AwaitRunning.class);
        Future<Integer> begun = begin();
        await(run.made());
        clock.advance(2_000);
        assertThat(failure(begun)).hasMessage("no page was open within 1000 ms");
        await(run.over());
        assertThat(ends()).containsExactly(EndReason.CLIENT);
    }

    @Test
    void itsSessionEndsWhereTheClientLeaves() throws Exception {
        answers.remove(Navigate.class);
        begin();
        await(run.made());
        run.leave();
        await(run.over());
        assertThat(ends()).containsExactly(EndReason.CLIENT_DISCONNECTED);
    }
}
