package dev.berth.session;

import static dev.berth.session.SessionRig.USER;
import static dev.berth.session.SessionRig.await;
import static dev.berth.session.SessionRig.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.FakeLauncher;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.NodeCommand.NodeStatus;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.ProfileUse.SaveProfile;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionCommand.ReadActions;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskSpec.TaskLimits;
import dev.berth.session.machine.ClosingStep;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node with one place, on which two may wait, and a user may have three sessions. */
@ExtendWith(VertxExtension.class)
class SessionSupervisorTest {
    /** After this time, an unanswered claim has been given up. */
    private static final long GIVEN_UP_MILLIS = 4_500;

    private SessionRig rig;
    private SessionSupervisor supervisor;

    @BeforeEach
    void aNode(Vertx vertx) throws Exception {
        rig = new SessionRig(vertx);
        start(1, Optional.empty());
    }

    private void start(int places, Optional<TaskLimits> taskLimits) throws Exception {
        supervisor = new SessionSupervisor(rig.services(places), "Fake/1.0", true, taskLimits);
        await(rig.vertx.deployVerticle(supervisor));
        supervisor.takeWaiting();
    }

    private SessionAccepted create(long user) throws Exception {
        return await(rig.client.create(rig.request(user)));
    }

    private void assertRefused(CreateSession request, ErrorCode code) throws Exception {
        Throwable refusal = failure(rig.client.create(request));
        assertThat(((BerthException) refusal).code()).as(refusal.getMessage()).isEqualTo(code);
    }

    private NodeStatus status() throws Exception {
        return await(rig.client.describe("node"));
    }

    private void end(SessionId id) throws Exception {
        await(rig.client.ask(id, new EndSession(EndReason.CLIENT)));
    }

    /** The supervisor learns asynchronously that a session has left. */
    private void awaitFree(int creating) {
        await(() -> {
            try {
                NodeStatus now = status();
                return now.creating() + now.running() + now.queued() == creating;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aVersionOfAProfileThatIsNotKeptIsRefusedBeforeARowIsWritten() throws Exception {
        ProfileUse use = new ProfileUse("shop", SaveProfile.ALWAYS, Optional.of(2));
        SessionOptions options =
                SessionRig.options().toBuilder().profile(Optional.of(use)).build();
        CreateSession request =
                new CreateSession(SessionId.random(), 1, Optional.empty(), options, Map.of(), Optional.empty());
        assertRefused(request, ErrorCode.NOT_FOUND);
        assertThat(status().created()).isZero();
    }

    @Test
    void startsASessionOnceItIsClaimedAndCountsIt() throws Exception {
        SessionAccepted accepted = create(USER);
        assertThat(accepted.status()).isEqualTo(SessionStatus.CREATING);
        assertThat(accepted.expiresAt()).isEqualTo(rig.clock.now().plusMillis(SessionRig.LIFETIME_MILLIS));
        rig.history.outcome(call -> Future.failedFuture("away"));
        rig.launcher.next().succeeds();
        await(rig.client.ask(accepted.sessionId(), new AwaitRunning()));
        assertThat(status().running())
                .as("as soon as its client knows, before its row is written")
                .isEqualTo(1);
        rig.history.outcome(call -> Future.succeededFuture());
        end(accepted.sessionId());
        awaitFree(0);
        assertThat(status().created()).isEqualTo(1);
    }

    @Test
    void refusesWhenPlacesAndQueueAreFull() throws Exception {
        SessionAccepted first = create(1);
        create(2);
        create(3);
        assertRefused(rig.request(4), ErrorCode.CAPACITY);
        rig.launcher.next().succeeds();
        end(first.sessionId());
        awaitFree(2);
        create(4);
    }

    private Optional<Integer> position(SessionId id) throws Exception {
        return await(rig.queue.find(id)).orElseThrow().session().queuePosition();
    }

    /** As a request that is handed to the node for a session that waits. */
    private <R extends SessionReply> Future<R> askWaiting(SessionId id, SessionCommand<R> command, long owner) {
        DeliveryOptions options = new DeliveryOptions()
                .addHeader(Addresses.TO, Addresses.session(id))
                .setSendTimeout(60_000);
        Envelope.EMPTY.with(owner).writeTo(options);
        return rig.vertx
                .eventBus()
                .<R>request(Addresses.waiting("node"), command, options)
                .map(Message::body)
                .recover(e -> Future.failedFuture(
                        ErrorCode.ofNumber(((ReplyException) e).failureCode()).wireName()));
    }

    @Test
    void aSessionWithoutAPlaceIsARowThatGetsThePlaceOfAnEndedOne() throws Exception {
        SessionAccepted first = create(1);
        List<SessionEvent> told = new CopyOnWriteArrayList<>();
        CreateSession second = rig.request(2);
        await(rig.client.events(second.sessionId(), told::add).completion());
        SessionId id = await(rig.client.create(second)).sessionId();
        assertThat(status().queued()).isEqualTo(1);
        assertThat(await(askWaiting(id, new DescribeSession(), 2)).queuePosition())
                .contains(1);
        assertThat(supervisor.holds(id)).isFalse();
        rig.launcher.next().succeeds();
        Future<SessionDescription> runs = askWaiting(id, new AwaitRunning(), 2);
        end(first.sessionId());
        rig.launcher.next().succeeds();
        assertThat(failure(runs)).as("who asked looks where it is now").hasMessage("session_not_found");
        assertThat(await(rig.client.ask(id, new AwaitRunning())).status()).isEqualTo(SessionStatus.RUNNING);
        await(() -> told.size() == 2);
        assertThat(told.get(0)).isInstanceOf(SessionEvent.SessionCreated.class);
        awaitFree(1);
    }

    @Test
    void aSessionThatAnotherNodeWasAskedForComesBeforeANewOne() throws Exception {
        SessionAccepted first = create(1);
        rig.launcher.next().succeeds();
        CreateSession older = rig.request(2);
        rig.queue.comes(older);
        SessionId newer = create(3).sessionId();
        assertThat(position(newer)).contains(2);
        end(first.sessionId());
        await(() -> supervisor.holds(older.sessionId()));
        assertThat(position(newer)).contains(1);
        rig.launcher.next().succeeds();
    }

    @Test
    void aNodeWithAFreePlaceFindsWhatNobodyToldOf() throws Exception {
        rig.history.outcome(call -> call.equals("look") ? Future.failedFuture("away") : Future.succeededFuture());
        CreateSession waits = rig.request(2);
        rig.queue.comes(waits);
        status();
        rig.history.outcome(call -> Future.succeededFuture());
        rig.advanceUntil(() -> supervisor.holds(waits.sessionId()));
    }

    @Test
    void aSessionThatWaitsAnswersFromItsRow() throws Exception {
        create(1);
        SessionId id = create(2).sessionId();
        assertThat(await(askWaiting(id, new ReadActions(0, 10), 2)).actions()).isEmpty();
        assertThat(failure(askWaiting(id, new Evaluate("1", 1_000), 2))).hasMessage("session_not_running");
        assertThat(failure(askWaiting(id, new DescribeSession(), 3))).hasMessage("session_not_found");
        Future<SessionDescription> runs = askWaiting(id, new AwaitRunning(), 2);
        assertThat(await(askWaiting(id, new EndSession(EndReason.CLIENT), 2)).status())
                .isEqualTo(SessionStatus.CANCELLED);
        assertThat(failure(runs)).hasMessage("session_ended");
        assertThat(failure(askWaiting(id, new DescribeSession(), 2))).hasMessage("session_not_found");
    }

    @Test
    void aSessionThatWaitsTooLongEnds() throws Exception {
        create(1);
        SessionId id = create(2).sessionId();
        Promise<SessionEvent> told = Promise.promise();
        await(rig.client.events(id, told::tryComplete).completion());
        rig.clock.advance(SessionRig.QUEUE_MILLIS + WaitingSessions.LOOK_MILLIS);
        assertThat(((SessionEvent.SessionEnded) await(told.future())).reason()).isEqualTo(EndReason.LAUNCH_FAILED);
        awaitFree(1);
    }

    @Test
    void whoWaitsForASessionThatAnotherNodeClaimsIsToldThatItIsNotHere() throws Exception {
        create(1);
        SessionId id = create(2).sessionId();
        Future<SessionDescription> runs = askWaiting(id, new AwaitRunning(), 2);
        await(askWaiting(id, new DescribeSession(), 2));
        rig.queue.goes();
        assertThat(failure(runs)).hasMessage("session_not_found");
    }

    @Test
    void endsAsLostWhatWaitsAndNotWhatAnotherNodeIsStarting() throws Exception {
        create(1);
        SessionId waits = create(2).sessionId();
        await(rig.client.endLost("node", waits));
        assertThat(await(rig.queue.find(waits)).orElseThrow().session().endReason())
                .contains(EndReason.CLIENT);
        SessionId starts = create(2).sessionId();
        rig.queue.goes();
        assertThat(((BerthException) failure(rig.client.endLost("node", starts))).code())
                .isEqualTo(ErrorCode.NOT_READY);
    }

    @Test
    void aNodeThatDrainsEndsThoseThatConnectAndWaitForIt() throws Exception {
        SessionAccepted first = create(1);
        SessionId connects =
                await(rig.client.from(ActionSource.CDP).create(rig.request(2))).sessionId();
        rig.launcher.next().succeeds();
        await(rig.client.whenRunning(first.sessionId()));
        await(supervisor.drain(0));
        assertThat(await(rig.queue.find(connects)).orElseThrow().session().endReason())
                .contains(EndReason.NODE_DRAINED);
    }

    @Test
    void theTaskOfASessionThatWaitsBeginsWithItsPlace() throws Exception {
        startAgain(1, Optional.of(TaskLimits.costing(1)));
        Promise<ExecuteTask> asked = Promise.promise();
        await(rig.vertx
                .eventBus()
                .<ExecuteTask>consumer(Addresses.EXECUTE, task -> asked.complete(task.body()))
                .completion());
        SessionAccepted first = create(1);
        SessionId id = await(rig.client.create(prompted("Order a table"))).sessionId();
        assertThat(asked.future().isComplete()).isFalse();
        rig.launcher.next().succeeds();
        end(first.sessionId());
        assertThat(await(asked.future()).sessionId()).contains(id);
    }

    private void startAgain(int places, Optional<TaskLimits> taskLimits) throws Exception {
        Vertx vertx = rig.vertx;
        await(vertx.undeploy(vertx.deploymentIDs().iterator().next()));
        start(places, taskLimits);
    }

    private CreateSession prompted(String prompt) {
        CreateSession plain = rig.request(USER);
        return new CreateSession(
                plain.sessionId(), USER, Optional.of(prompt), plain.options(), Map.of(), Optional.empty());
    }

    @Test
    void aSessionWhoseTaskIsRefusedEnds() throws Exception {
        startAgain(1, Optional.of(TaskLimits.costing(1)));
        MessageConsumer<Object> agent = rig.vertx
                .eventBus()
                .consumer(
                        Addresses.EXECUTE,
                        asked -> asked.fail(ErrorCode.LIMIT_REACHED.number(), "too many tasks wait"));
        await(agent.completion());
        assertRefused(prompted("Order a table"), ErrorCode.LIMIT_REACHED);
        awaitFree(0);
        assertThat(status().created()).isEqualTo(1);
    }

    @Test
    void refusesATaskThatIsTooLongBeforeThereIsASession() throws Exception {
        startAgain(1, Optional.of(TaskLimits.costing(1)));
        assertRefused(prompted("Order ".repeat(4_000)), ErrorCode.INVALID_ARGUMENT);
        assertThat(status().created()).isZero();
    }

    @Test
    void refusesWhileTheMachineIsFull() throws Exception {
        rig.launcher.fill("the disk is full");
        assertRefused(rig.request(USER), ErrorCode.CAPACITY);
    }

    @Test
    void aRepeatedRequestGivesTheFirstSessionEvenOnAFullNode() throws Exception {
        CreateSession.Idempotency once = new CreateSession.Idempotency("key", "hash");
        SessionAccepted first = await(rig.client.create(repeated(once)));
        assertThat(await(rig.client.create(repeated(once))).sessionId()).isEqualTo(first.sessionId());
        rig.launcher.fill("the disk is full");
        assertThat(await(rig.client.create(repeated(once))).sessionId()).isEqualTo(first.sessionId());
        awaitFree(1);
    }

    private static CreateSession repeated(CreateSession.Idempotency once) {
        return new CreateSession(
                SessionId.random(), USER, Optional.empty(), SessionRig.options(), Map.of(), Optional.of(once));
    }

    @Test
    void aClaimThatHangsTimesOutAndFreesItsPlace() throws Exception {
        rig.history.outcome(
                call -> call.equals("claim") ? Promise.<Void>promise().future() : Future.succeededFuture());
        Future<SessionAccepted> created = rig.client.create(rig.request(USER));
        status();
        rig.clock.advance(GIVEN_UP_MILLIS);
        assertThat(((BerthException) failure(created)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        awaitFree(0);
        rig.history.outcome(call -> Future.succeededFuture());
        create(USER);
    }

    @Test
    void aClaimThatFailsIsTriedAgainForAWhile() throws Exception {
        rig.history.outcome(call -> call.equals("claim") ? Future.failedFuture("away") : Future.succeededFuture());
        Future<SessionAccepted> created = rig.client.create(rig.request(USER));
        status();
        rig.clock.advance(1_000);
        rig.history.outcome(call -> Future.succeededFuture());
        rig.clock.advance(300);
        assertThat(await(created).status()).isEqualTo(SessionStatus.CREATING);
    }

    @Test
    void rowsThatNoSessionHasAreLookedForRegularly() throws Exception {
        rig.clock.advance(9_999);
        assertThat(rig.history.corrected).isEmpty();
        rig.clock.advance(1);
        await(() -> rig.history.corrected.size() == 1);
    }

    @Test
    void drainingEndsAllSessionsAndRefusesNewOnesAndLetsThoseThatWaitWait() throws Exception {
        SessionAccepted first = create(1);
        SessionAccepted waits = create(2);
        rig.launcher.next().succeeds();
        await(supervisor.drain(0));
        assertThat(rig.history.rows.get(first.sessionId()).endReason()).contains(EndReason.NODE_DRAINED);
        assertRefused(rig.request(3), ErrorCode.NOT_READY);
        rig.clock.advance(WaitingSessions.LOOK_MILLIS);
        assertThat(position(waits.sessionId())).contains(1);
    }

    @Test
    void onlyASessionThatMaySaveItsProfileHoldsUpTheStop() throws Exception {
        for (SaveProfile save : SaveProfile.values()) {
            assertThat(supervisor.savingMillis()).isZero();
            SessionOptions options = SessionRig.options().toBuilder()
                    .profile(Optional.of(new ProfileUse("shop", save, Optional.empty())))
                    .build();
            SessionId id = SessionId.random();
            await(rig.client.create(new CreateSession(id, 1, Optional.empty(), options, Map.of(), Optional.empty())));
            assertThat(supervisor.savingMillis()).isEqualTo(save == SaveProfile.NEVER ? 0 : ClosingStep.savingMillis());
            rig.launcher.next().succeeds();
            await(rig.client.ask(id, new EndSession(EndReason.CLIENT)));
            await(() -> supervisor.savingMillis() == 0);
        }
    }

    @Test
    void aSessionWhoseClaimIsAnsweredDuringADrainEnds() throws Exception {
        SessionAccepted first = create(1);
        SessionId id = create(2).sessionId();
        Promise<Void> claims = Promise.promise();
        Promise<Void> answer = Promise.promise();
        rig.history.outcome(call -> {
            if (!call.equals("claimWaiting")) {
                return Future.succeededFuture();
            }
            claims.tryComplete();
            return answer.future();
        });
        rig.launcher.next().succeeds();
        end(first.sessionId());
        await(claims.future());
        supervisor.drain(0);
        assertThat(status().draining()).isTrue();
        answer.complete();
        await(() -> Optional.ofNullable(rig.history.rows.get(id))
                .flatMap(SessionDescription::endReason)
                .isPresent());
        assertThat(rig.history.rows.get(id).endReason()).contains(EndReason.NODE_DRAINED);
    }

    @Test
    void aDrainDoesNotWaitForWhatCantBeKept() throws Exception {
        SessionAccepted first = create(1);
        rig.launcher.next().succeeds();
        await(rig.client.whenRunning(first.sessionId()));
        Promise<Void> written = Promise.promise();
        rig.history.outcome(call -> call.equals("end") ? written.future() : Future.succeededFuture());
        Future<Void> drained = supervisor.drain(0);
        rig.advanceUntil(drained::isComplete);
        assertThat(supervisor.holds(first.sessionId())).isTrue();
        written.complete();
    }

    @Test
    void sessionsMayGoOnForAWhileWhenTheNodeIsDrained() throws Exception {
        SessionAccepted first = create(USER);
        rig.launcher.next().succeeds();
        assertThat(status().draining()).isFalse();
        Future<Void> drained = supervisor.drain(30_000);
        assertThat(await(rig.client.drain("node", 90_000)).draining()).isTrue();
        assertRefused(rig.request(USER), ErrorCode.NOT_READY);
        rig.clock.advance(29_999);
        assertThat(drained.isComplete()).isFalse();
        assertThat(await(rig.client.ask(first.sessionId(), new DescribeSession()))
                        .status()
                        .terminal())
                .isFalse();
        rig.clock.advance(1);
        await(drained);
        assertThat(rig.history.rows.get(first.sessionId()).endReason()).contains(EndReason.NODE_DRAINED);
    }

    @Test
    void aNodeIsDrainedOnceItsLastSessionHasEnded() throws Exception {
        SessionAccepted first = create(USER);
        rig.launcher.next().succeeds();
        Future<Void> drained = supervisor.drain(60_000);
        end(first.sessionId());
        await(drained);
        assertThat(rig.history.rows.get(first.sessionId()).endReason()).contains(EndReason.CLIENT);
    }

    @Test
    void anEarlierEndOfADrainHolds() throws Exception {
        create(USER);
        rig.launcher.next().succeeds();
        Future<Void> drained = supervisor.drain(60_000);
        await(rig.client.drain("node", 0));
        await(drained);
    }

    @Test
    void anEndedSessionIsNoLongerFound() throws Exception {
        SessionAccepted accepted = create(USER);
        rig.launcher.next().succeeds();
        end(accepted.sessionId());
        await(() -> rig.vertx.deploymentIDs().size() == 1);
        assertThat(((BerthException) failure(rig.client.ask(accepted.sessionId(), new DescribeSession()))).code())
                .isEqualTo(ErrorCode.SESSION_NOT_FOUND);
    }

    @Test
    void aSessionLivesWhereItsWarmBrowserDoesAndLeavesNothingThere() throws Exception {
        ContextInternal there = ((VertxInternal) rig.vertx).createEventLoopContext();
        Future<Void> discarded = rig.launcher.ready(there);
        SessionAccepted accepted = create(USER);
        FakeLauncher.Launch launch = rig.launcher.next();
        assertThat(launch.context()).isSameAs(there);
        launch.succeeds();
        end(accepted.sessionId());
        await(() -> rig.vertx.deploymentIDs().size() == 1);
        assertThat(((BerthException) failure(rig.client.ask(accepted.sessionId(), new DescribeSession()))).code())
                .isEqualTo(ErrorCode.SESSION_NOT_FOUND);
        assertThat(discarded.isComplete()).as("it is the session's to end").isFalse();
    }

    @Test
    void handsARequestThatAnyNodeMayTakeToTheOneWithTheMostRoom() throws Exception {
        SessionAccepted there = new SessionAccepted(
                SessionId.random(), SessionStatus.CREATING, "other", rig.clock.now(), rig.clock.now());
        Promise<CreateSession> asked = Promise.promise();
        MessageConsumer<CreateSession> other = rig.vertx.eventBus().consumer(Addresses.node("other"), message -> {
            asked.complete(message.body());
            message.reply(there);
        });
        await(other.completion());
        rig.elsewhere = Optional.of("other");
        CreateSession request = rig.request(USER);
        assertThat(await(rig.client.create(request))).isEqualTo(there);
        assertThat(await(asked.future())).isEqualTo(request);
        // Asked itself, a node does not ask others.
        assertThat(await(rig.client.at("node").create(rig.request(USER))).machineId())
                .isEqualTo("node");
    }

    @Test
    void makesTheSessionItselfWhereTheOtherNodeRefuses() throws Exception {
        rig.elsewhere = Optional.of("gone");
        assertThat(create(USER).machineId()).isEqualTo("node");
        MessageConsumer<Object> full = rig.vertx
                .eventBus()
                .consumer(Addresses.node("full"), asked -> asked.fail(ErrorCode.CAPACITY.number(), "all are taken"));
        await(full.completion());
        rig.elsewhere = Optional.of("full");
        assertThat(create(USER).machineId()).isEqualTo("node");
    }

    @Test
    void whatANodeRefusesForWhichItWasChosenIsMadeElsewhere() throws Exception {
        SessionAccepted there = new SessionAccepted(
                SessionId.random(), SessionStatus.CREATING, "other", rig.clock.now(), rig.clock.now());
        MessageConsumer<Object> other =
                rig.vertx.eventBus().consumer(Addresses.node("other"), asked -> asked.reply(there));
        await(other.completion());
        SessionClient chosen = rig.client.at("node").here();
        await(rig.client.drain("node", 60_000));
        assertThat(failure(chosen.create(rig.request(USER)))).hasMessageContaining("draining");
        rig.elsewhere = Optional.of("other");
        assertThat(await(chosen.create(rig.request(USER)))).isEqualTo(there);
        rig.elsewhere = Optional.of("gone");
        assertThat(failure(chosen.create(rig.request(USER)))).hasMessageContaining("draining");
        // Another node, which was asked itself, does not hand it on.
        rig.elsewhere = Optional.of("other");
        assertRefusedBy(rig.client.at("node"));
    }

    private void assertRefusedBy(SessionClient client) throws Exception {
        assertThat(((BerthException) failure(client.create(rig.request(USER)))).code())
                .isEqualTo(ErrorCode.NOT_READY);
    }
}
