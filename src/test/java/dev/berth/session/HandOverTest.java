package dev.berth.session;

import static dev.berth.session.SessionRig.USER;
import static dev.berth.session.SessionRig.await;
import static dev.berth.session.SessionRig.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.FakeHandOvers;
import dev.berth.fake.FakeLauncher.Launch;
import dev.berth.history.HandedSession;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.AdoptWaiting;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeStatus;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.TakeWaiting;
import dev.berth.protocol.WaitingGiven;
import dev.berth.protocol.WaitingTold;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node with one place that gives waiting sessions to the node "other", and takes some from it. The test is that node. */
@ExtendWith(VertxExtension.class)
class HandOverTest {
    private static final TakeWaiting TAKE = new TakeWaiting("other", Optional.empty());

    private final FakeHandOvers rows = new FakeHandOvers();
    private final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    private final List<WaitingTold> told = new CopyOnWriteArrayList<>();
    private final List<String> moved = new CopyOnWriteArrayList<>();
    private final List<Object> asked = new CopyOnWriteArrayList<>();
    private volatile Function<Object, Future<WaitingGiven>> answer =
            any -> Future.succeededFuture(new WaitingGiven(Optional.empty()));
    private SessionRig rig;
    private SessionSupervisor supervisor;

    @BeforeEach
    void aNode(Vertx vertx) throws Exception {
        rig = new SessionRig(vertx);
        rig.handOvers = Optional.of(rows);
        await(vertx.eventBus()
                .<SessionEvent>consumer(Addresses.SESSIONS, message -> events.add(message.body()))
                .completion());
        await(vertx.eventBus()
                .<WaitingTold>consumer(Addresses.WAITING, message -> told.add(message.body()))
                .completion());
        await(vertx.eventBus()
                .consumer(Addresses.node("other"), message -> {
                    asked.add(message.body());
                    answer.apply(message.body())
                            .onSuccess(message::reply)
                            .onFailure(e -> message.fail(ErrorCode.NOT_READY.number(), e.getMessage()));
                })
                .completion());
        supervisor = new SessionSupervisor(rig.services(1), "Fake/1.0", true, Optional.empty());
        await(vertx.deployVerticle(supervisor));
    }

    private SessionAccepted create(long user) throws Exception {
        SessionAccepted made = await(rig.client.create(rig.request(user)));
        // Each is younger than the one before.
        rig.clock.advance(10);
        return made;
    }

    private Future<Optional<SessionId>> take() {
        return rig.vertx
                .eventBus()
                .<WaitingGiven>request(Addresses.node("node"), TAKE)
                .map(given -> given.body().sessionId());
    }

    private NodeStatus status() throws Exception {
        return await(rig.client.describe("node"));
    }

    private SessionDescription describe(SessionId id) throws Exception {
        return await(rig.client.ask(id, new DescribeSession()));
    }

    private void awaitQueued(int queued) {
        await(() -> {
            try {
                return status().queued() == queued;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    /** A session is told of its position; nobody waits for that. */
    private void awaitPosition(SessionId id, int position) {
        await(() -> {
            try {
                return describe(id).queuePosition().equals(Optional.of(position));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private void listenAsOther(Function<Message<Object>, Object> reply) throws Exception {
        await(rig.vertx
                .eventBus()
                .<Object>consumer(Addresses.relay("other"), message -> message.reply(reply.apply(message)))
                .completion());
    }

    private void listenToMoves(SessionId id) throws Exception {
        await(rig.vertx
                .eventBus()
                .<String>localConsumer(Addresses.moved(id), message -> moved.add(message.body()))
                .completion());
    }

    private List<SessionEvent> endsOf(SessionId id) {
        return events.stream()
                .filter(event -> event instanceof SessionEvent.SessionEnded
                        && event.sessionId().equals(id))
                .toList();
    }

    @Test
    void theOldestGoesWithAllThatItIsAndWithoutAnEnd() throws Exception {
        create(1);
        SessionAccepted old = create(2);
        SessionAccepted young = create(3);
        listenToMoves(old.sessionId());
        assertThat(await(take())).contains(old.sessionId());
        assertThat(asked).containsExactly(new AdoptWaiting(old.sessionId()));
        HandedSession handed = rows.tried.get(0);
        assertThat(handed.accepted())
                .isEqualTo(new SessionAccepted(
                        old.sessionId(), SessionStatus.CREATING, "other", old.createdAt(), old.expiresAt()));
        assertThat(handed.userId()).isEqualTo(2);
        await(() -> moved.equals(List.of("other")));
        assertThat(supervisor.holds(old.sessionId())).isFalse();
        assertThat(status().queued()).isEqualTo(1);
        awaitPosition(young.sessionId(), 1);
        assertThat(endsOf(old.sessionId())).isEmpty();
        assertThat(rig.history.rows).doesNotContainKey(old.sessionId());
        // Its supervisor and the two that are left.
        await(() -> rig.vertx.deploymentIDs().size() == 3);
    }

    @Test
    void whoWaitsForASessionThatGoesIsAnsweredByItsNewNode() throws Exception {
        create(1);
        SessionAccepted waits = create(2);
        Future<SessionDescription> running = rig.client.as(2).ask(waits.sessionId(), new AwaitRunning());
        SessionDescription before = describe(waits.sessionId());
        Promise<Message<Object>> forwarded = Promise.promise();
        await(rig.vertx
                .eventBus()
                .<Object>consumer(Addresses.relay("other"), forwarded::complete)
                .completion());
        await(take());
        Message<Object> message = await(forwarded.future());
        assertThat(message.headers().get(Addresses.TO)).isEqualTo(Addresses.session(waits.sessionId()));
        assertThat(message.headers().get("owner")).isEqualTo("2");
        assertThat(message.body()).isEqualTo(new AwaitRunning());
        // Nothing is left of it here when the answer comes: its supervisor and the session that runs are.
        await(() -> rig.vertx.deploymentIDs().size() == 2);
        message.reply(before);
        assertThat(await(running)).isEqualTo(before);
    }

    @Test
    void oneThatRunsOrHasItsPlaceOrIsYoungerIsNotGiven() throws Exception {
        SessionAccepted first = create(1);
        assertThat(await(take())).isEmpty();
        SessionAccepted second = create(2);
        assertThat(await(rig.vertx
                                .eventBus()
                                .<WaitingGiven>request(
                                        Addresses.node("node"),
                                        new TakeWaiting("other", Optional.of(second.createdAt()))))
                        .body()
                        .sessionId())
                .isEmpty();
        assertThat(rows.tried).isEmpty();
        assertThat(supervisor.holds(first.sessionId())).isTrue();
    }

    @Test
    void oneThatEndsIsNotGivenButTheNextIs() throws Exception {
        create(1);
        SessionAccepted ends = create(2);
        SessionAccepted next = create(3);
        // Its end can't be kept, so it stays for a while.
        Promise<Void> kept = Promise.promise();
        rig.history.outcome(call -> call.equals("end") ? kept.future() : Future.succeededFuture());
        rig.client.ask(ends.sessionId(), new EndSession(EndReason.CLIENT));
        assertThat(await(take())).contains(next.sessionId());
        assertThat(rows.triedIds()).containsExactly(next.sessionId());
        kept.complete();
    }

    @Test
    void aClientThatConnectedForItsSessionKeepsItHere() throws Exception {
        create(1);
        await(rig.client.from(ActionSource.CDP).create(rig.request(2)));
        assertThat(await(take())).isEmpty();
    }

    /** The row that another node would read does not have them. */
    @Test
    void aSessionWithSecretsStaysHere() throws Exception {
        create(1);
        SessionOptions plain = rig.request(2).options();
        await(rig.client.create(rig.request(2)
                .with(new SessionOptions(
                        plain.browser(),
                        plain.viewport(),
                        plain.timeouts(),
                        plain.userAgent(),
                        plain.locale(),
                        plain.timezone(),
                        false,
                        false,
                        false,
                        Optional.empty(),
                        false,
                        Map.of("X-Trial", "s3cret"),
                        List.of(),
                        false))));
        assertThat(await(take())).isEmpty();
    }

    @Test
    void aSessionOfWhichTheRowIsNotGivenStaysInItsOldPosition() throws Exception {
        SessionAccepted first = create(1);
        SessionAccepted old = create(2);
        create(3);
        rows.outcome = () -> Future.succeededFuture(Optional.empty());
        assertThat(await(take())).isEmpty();
        rig.launcher.next().succeeds();
        await(rig.client.ask(first.sessionId(), new EndSession(EndReason.CLIENT)));
        Launch launch = rig.launcher.next();
        launch.succeeds();
        assertThat(await(rig.client.whenRunning(old.sessionId())).machineId()).isEqualTo("node");
        assertThat(asked).isEmpty();
    }

    @Test
    void aNodeThatIsGoneGetsNone() throws Exception {
        create(1);
        create(2);
        rows.epoch = Future.succeededFuture(Optional.empty());
        assertThat(await(take())).isEmpty();
        rows.epoch = Future.failedFuture(new BerthException(ErrorCode.UNAVAILABLE, "Postgres is away"));
        assertThat(((BerthException) failureOf(take())).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(rows.tried).isEmpty();
        assertThat(status().queued()).isEqualTo(1);
    }

    /** The answer to the change of its row was lost. */
    @Test
    void whileItIsNotKnownWhoseItIsNobodyRunsAndNothingEndsIt() throws Exception {
        SessionAccepted first = create(1);
        SessionAccepted old = create(2);
        SessionAccepted young = create(3);
        rows.outcome = () -> Future.failedFuture("the answer is lost");
        Future<Optional<SessionId>> taken = take();
        await(() -> rows.tried.size() == 1);
        Future<SessionOver> ended = rig.client.ask(old.sessionId(), new EndSession(EndReason.CLIENT));
        rig.clock.advance(SessionRig.QUEUE_MILLIS / 2);
        assertThat(describe(old.sessionId()).endReason()).isEmpty();
        // A place that becomes free is not its own.
        rig.launcher.next().succeeds();
        await(rig.client.ask(first.sessionId(), new EndSession(EndReason.CLIENT)));
        rig.launcher.next().succeeds();
        await(rig.client.whenRunning(young.sessionId()));
        assertThat(ended.isComplete()).isFalse();
        listenAsOther(message -> {
            assertThat(message.body()).isEqualTo(new EndSession(EndReason.CLIENT));
            return new SessionOver(SessionStatus.CANCELLED, EndReason.CLIENT);
        });
        rows.outcome = () -> Future.succeededFuture(Optional.of("other"));
        rig.clock.advance(500);
        assertThat(await(taken)).contains(old.sessionId());
        // Whoever has it ends it.
        assertThat(await(ended).reason()).isEqualTo(EndReason.CLIENT);
        assertThat(endsOf(old.sessionId())).isEmpty();
    }

    @Test
    void whatWasAskedMeanwhileIsDoneWhereItStays() throws Exception {
        create(1);
        SessionAccepted old = create(2);
        Promise<Optional<String>> known = Promise.promise();
        rows.outcome = known::future;
        Future<Optional<SessionId>> taken = take();
        await(() -> rows.tried.size() == 1);
        Future<SessionOver> ended = rig.client.ask(old.sessionId(), new EndSession(EndReason.CLIENT));
        describe(old.sessionId());
        known.complete(Optional.empty());
        assertThat(await(taken)).isEmpty();
        assertThat(await(ended).status()).isEqualTo(SessionStatus.CANCELLED);
        assertThat(endsOf(old.sessionId())).hasSize(1);
    }

    @Test
    void itWaitsTooLongMeanwhileAndStays() throws Exception {
        create(1);
        SessionAccepted old = create(2);
        Promise<Optional<String>> known = Promise.promise();
        rows.outcome = known::future;
        take();
        await(() -> rows.tried.size() == 1);
        rig.clock.advance(SessionRig.QUEUE_MILLIS + 1);
        assertThat(describe(old.sessionId()).endReason()).isEmpty();
        known.complete(Optional.empty());
        await(() -> rig.history.rows.containsKey(old.sessionId()));
        assertThat(rig.history.rows.get(old.sessionId()).endReason()).contains(EndReason.LAUNCH_FAILED);
    }

    @Test
    void whoWaitsForItWaitsOnUntilItsNewNodeHasIt() throws Exception {
        create(1);
        SessionAccepted old = create(2);
        SessionDescription before = describe(old.sessionId());
        Future<SessionDescription> running = rig.client.as(2).ask(old.sessionId(), new AwaitRunning());
        List<Boolean> waited = new CopyOnWriteArrayList<>();
        answer = any -> {
            waited.add(supervisor.holds(old.sessionId()) && !running.isComplete());
            return asked.size() < 4
                    ? Future.failedFuture("not now")
                    : Future.succeededFuture(new WaitingGiven(Optional.of(old.sessionId())));
        };
        listenAsOther(message -> before);
        Future<Optional<SessionId>> taken = take();
        rig.advanceUntil(taken::isComplete);
        assertThat(waited).containsExactly(true, true, true, true);
        assertThat(await(running)).isEqualTo(before);
    }

    /** It will find the session in its rows. */
    @Test
    void aSessionIsGoneAlsoWhereItsNewNodeDoesNotAnswerForLong() throws Exception {
        create(1);
        SessionAccepted old = create(2);
        answer = any -> Future.failedFuture("not now");
        Instant begun = rig.clock.now();
        Future<Optional<SessionId>> taken = take();
        rig.advanceUntil(taken::isComplete);
        assertThat(begun.until(rig.clock.now(), ChronoUnit.MILLIS)).isGreaterThanOrEqualTo(Giving.CONFIRM_MILLIS);
        assertThat(await(taken)).contains(old.sessionId());
        await(() -> !supervisor.holds(old.sessionId()));
    }

    @Test
    void whoWaitsForASessionOfWhichTheNewNodeIsLostIsToldSoon() throws Exception {
        create(1);
        SessionAccepted old = create(2);
        Future<SessionDescription> running = rig.client.as(2).ask(old.sessionId(), new AwaitRunning());
        describe(old.sessionId());
        answer = any -> {
            rows.epoch = Future.succeededFuture(Optional.of(2L));
            return Future.failedFuture("it died");
        };
        Future<Optional<SessionId>> taken = take();
        await(() -> asked.size() == 1);
        rig.advanceUntil(taken::isComplete);
        assertThat(asked).hasSize(1);
        assertThat(((BerthException) failure(running)).code()).isEqualTo(ErrorCode.NOT_READY);
    }

    @Test
    void aSessionThatIsBackBeforeItsNewNodeConfirmedWaitsHere() throws Exception {
        SessionAccepted first = create(1);
        SessionAccepted old = create(2);
        listenToMoves(old.sessionId());
        answer = any -> Future.failedFuture("the answer is lost");
        Future<Optional<SessionId>> taken = take();
        await(() -> asked.size() == 1);
        assertThat(((BerthException) failureOf(hand(backFrom(rows.tried.get(0))))).code())
                .isEqualTo(ErrorCode.NOT_READY);
        answer = any -> Future.succeededFuture(new WaitingGiven(Optional.empty()));
        rig.advanceUntil(taken::isComplete);
        await(() -> moved.equals(List.of("other")));
        await(() -> supervisor.holds(old.sessionId()));
        awaitQueued(1);
        rig.launcher.next().succeeds();
        await(rig.client.ask(first.sessionId(), new EndSession(EndReason.CLIENT)));
        rig.launcher.next().succeeds();
        assertThat(await(rig.client.whenRunning(old.sessionId())).machineId()).isEqualTo("node");
    }

    private HandedSession backFrom(HandedSession went) {
        SessionAccepted there = went.accepted();
        return new HandedSession(
                went.userId(),
                went.initialPrompt(),
                went.options(),
                went.metadata(),
                new SessionAccepted(there.sessionId(), there.status(), "node", there.createdAt(), there.expiresAt()),
                went.source(),
                Optional.of(rig.clock.now()));
    }

    @Test
    void twoWhoAskAtOnceGetTwo() throws Exception {
        create(1);
        SessionAccepted old = create(2);
        SessionAccepted young = create(3);
        Future<Optional<SessionId>> one = take();
        Future<Optional<SessionId>> other = take();
        assertThat(List.of(await(one).orElseThrow(), await(other).orElseThrow()))
                .containsExactlyInAnyOrder(old.sessionId(), young.sessionId());
        assertThat(await(take())).isEmpty();
    }

    @Test
    void aNodeThatIsDrainedStillGivesItsSessionsAway() throws Exception {
        create(1);
        SessionAccepted waits = create(2);
        Future<Void> drained = supervisor.drain(60_000);
        rig.launcher.next().succeeds();
        assertThat(await(take())).contains(waits.sessionId());
        rig.clock.advance(60_000);
        await(drained);
        assertThat(endsOf(waits.sessionId())).isEmpty();
    }

    @Test
    void aDrainDoesNotEndASessionThatGoes() throws Exception {
        SessionAccepted first = create(1);
        SessionAccepted waits = create(2);
        rig.launcher.next().succeeds();
        await(rig.client.whenRunning(first.sessionId()));
        Promise<Optional<String>> known = Promise.promise();
        rows.outcome = known::future;
        Future<Optional<SessionId>> taken = take();
        await(() -> rows.tried.size() == 1);
        List<Object> forwarded = new CopyOnWriteArrayList<>();
        listenAsOther(message -> {
            forwarded.add(message.body());
            return new SessionOver(SessionStatus.CANCELLED, EndReason.CLIENT);
        });
        Future<Void> drained = supervisor.drain(0);
        await(() -> !supervisor.holds(first.sessionId()));
        assertThat(drained.isComplete()).isFalse();
        known.complete(Optional.of("other"));
        assertThat(await(taken)).contains(waits.sessionId());
        await(drained);
        assertThat(forwarded).isEmpty();
        assertThat(endsOf(waits.sessionId())).isEmpty();
    }

    /** It was asked for before. */
    @Test
    void aSessionThatComesWhenAllAreEndedIsEndedToo() throws Exception {
        SessionAccepted first = create(1);
        Promise<Void> kept = Promise.promise();
        rig.history.outcome(call -> call.equals("end") ? kept.future() : Future.succeededFuture());
        Future<Void> drained = supervisor.drain(0);
        HandedSession waits = waiting(rig.clock.now().minusMillis(50));
        await(hand(waits));
        kept.complete();
        await(drained);
        assertThat(rig.history.rows.get(waits.id()).endReason()).contains(EndReason.NODE_DRAINED);
        assertThat(supervisor.holds(first.sessionId())).isFalse();
        assertThat(supervisor.holds(waits.id())).isFalse();
    }

    @Test
    void tellsOthersSinceWhenItsOldestWaits() throws Exception {
        create(1);
        SessionAccepted old = create(2);
        await(() -> told.equals(List.of(new WaitingTold("node", Optional.of(old.createdAt())))));
        SessionAccepted young = create(3);
        rig.clock.advance(OtherQueues.TELL_MILLIS);
        await(() -> told.size() == 2);
        await(take());
        await(() -> told.contains(new WaitingTold("node", Optional.of(young.createdAt()))));
        await(take());
        await(() -> told.get(told.size() - 1).since().isEmpty());
        int so = told.size();
        rig.clock.advance(10 * OtherQueues.TELL_MILLIS);
        status();
        assertThat(told).hasSize(so);
    }

    // What follows is the other side.

    private HandedSession waiting(Instant since) {
        CreateSession request = rig.request(USER).labelled(Map.of("a", "b"));
        return new HandedSession(
                request.userId(),
                request.initialPrompt(),
                request.options(),
                request.metadata(),
                new SessionAccepted(
                        request.sessionId(), SessionStatus.CREATING, "node", since, since.plusSeconds(3_600)),
                ActionSource.MCP,
                Optional.of(since));
    }

    private void tell(Optional<Instant> since) {
        rig.vertx.eventBus().publish(Addresses.WAITING, new WaitingTold("other", since));
    }

    /** As the other node does: the row first, then the word. */
    private Future<WaitingGiven> hand(HandedSession session) {
        rows.given.add(session);
        return rig.vertx
                .eventBus()
                .<WaitingGiven>request(Addresses.node("node"), new AdoptWaiting(session.id()))
                .map(Message::body);
    }

    @Test
    void aFreePlaceIsForWhoWaitsElsewhere() throws Exception {
        HandedSession waits = waiting(rig.clock.now().minusMillis(50));
        answer = any -> hand(waits);
        tell(Optional.of(waits.accepted().createdAt()));
        rig.launcher.next().succeeds();
        SessionDescription running = await(rig.client.as(USER).whenRunning(waits.id()));
        assertThat(running.machineId()).isEqualTo("node");
        assertThat(running.createdAt()).isEqualTo(waits.accepted().createdAt());
        assertThat(running.expiresAt()).isEqualTo(waits.accepted().expiresAt());
        assertThat(running.metadata()).containsEntry("a", "b");
        assertThat(asked).containsExactly(new TakeWaiting("node", Optional.empty()));
        // Its creation was told before.
        assertThat(events).noneMatch(SessionEvent.SessionCreated.class::isInstance);
        // No other place is free.
        tell(Optional.of(waits.accepted().createdAt()));
        status();
        assertThat(asked).hasSize(1);
    }

    @Test
    void aSessionThatComesForAFreePlaceIsNotGivenOn() throws Exception {
        HandedSession waits = waiting(rig.clock.now().minusMillis(50));
        Promise<Void> told = Promise.promise();
        answer = any -> hand(waits).compose(given -> told.future().map(given));
        tell(Optional.of(waits.accepted().createdAt()));
        await(() -> supervisor.holds(waits.id()));
        awaitQueued(1);
        assertThat(await(take())).isEmpty();
        assertThat(rows.tried).isEmpty();
        assertThat(this.told).noneMatch(word -> word.machineId().equals("node"));
        told.complete();
        rig.launcher.next().succeeds();
        await(rig.client.whenRunning(waits.id()));
    }

    @Test
    void itsTimeInTheQueueGoesOn() throws Exception {
        create(1);
        HandedSession waits = waiting(rig.clock.now().minusMillis(SessionRig.QUEUE_MILLIS - 1_000));
        await(hand(waits));
        SessionId id = waits.id();
        rig.clock.advance(900);
        assertThat(describe(id).endReason()).isEmpty();
        rig.clock.advance(200);
        await(() -> rig.history.rows.containsKey(id));
        assertThat(rig.history.rows.get(id).endReason()).contains(EndReason.LAUNCH_FAILED);
    }

    @Test
    void whoWaitsLongerElsewhereIsBeforeWhoWaitsHere() throws Exception {
        SessionAccepted first = create(1);
        SessionAccepted here = create(2);
        HandedSession waits = waiting(here.createdAt().minusMillis(1));
        answer = any -> hand(waits);
        tell(Optional.of(waits.accepted().createdAt()));
        rig.launcher.next().succeeds();
        await(rig.client.ask(first.sessionId(), new EndSession(EndReason.CLIENT)));
        rig.launcher.next().succeeds();
        await(rig.client.whenRunning(waits.id()));
        assertThat(asked).containsExactly(new TakeWaiting("node", Optional.of(here.createdAt())));
        awaitPosition(here.sessionId(), 1);
    }

    @Test
    void whoGetsNoneGivesThePlaceToItsOwnAndRestsBeforeItAsksAgain() throws Exception {
        SessionAccepted first = create(1);
        SessionAccepted here = create(2);
        Instant earlier = here.createdAt().minusMillis(1);
        tell(Optional.of(earlier));
        rig.launcher.next().succeeds();
        await(rig.client.ask(first.sessionId(), new EndSession(EndReason.CLIENT)));
        rig.launcher.next().succeeds();
        await(rig.client.whenRunning(here.sessionId()));
        await(rig.client.ask(here.sessionId(), new EndSession(EndReason.CLIENT)));
        tell(Optional.of(earlier));
        awaitQueued(0);
        assertThat(asked).hasSize(1);
        rig.clock.advance(3_000);
        tell(Optional.of(earlier));
        await(() -> asked.size() == 2);
    }

    @Test
    void aNodeThatFailsIsLeftAloneWhateverItTells() throws Exception {
        Instant earlier = rig.clock.now().minusMillis(50);
        answer = any -> Future.failedFuture("Postgres is away");
        tell(Optional.of(earlier));
        await(() -> asked.size() == 1);
        status();
        tell(Optional.empty());
        tell(Optional.of(earlier.plusMillis(1)));
        status();
        assertThat(asked).hasSize(1);
        rig.clock.advance(3_000);
        tell(Optional.of(earlier));
        await(() -> asked.size() == 2);
    }

    @Test
    void aNodeWhoseSessionDidNotComeIsLeftAlone() throws Exception {
        Instant earlier = rig.clock.now().minusMillis(50);
        answer = any -> Future.succeededFuture(new WaitingGiven(Optional.of(SessionId.random())));
        tell(Optional.of(earlier));
        await(() -> asked.size() == 1);
        status();
        tell(Optional.of(earlier.plusMillis(1)));
        status();
        assertThat(asked).hasSize(1);
    }

    @Test
    void aSessionThatHasNotComeYetIsNotToldToHaveEnded() throws Exception {
        HandedSession waits = waiting(rig.clock.now().minusMillis(50));
        rows.given.add(waits);
        assertThat(((BerthException) failureOf(rig.client.endLost("node", waits.id()))).code())
                .isEqualTo(ErrorCode.NOT_READY);
        assertThat(await(rig.client.ask(waits.id(), new EndSession(EndReason.CLIENT)))
                        .reason())
                .isEqualTo(EndReason.CLIENT);
        await(() -> !supervisor.holds(waits.id()));
        await(rig.client.endLost("node", waits.id()));
    }

    @Test
    void whereItsRowsCantBeReadANodeTellsOfNoEnd() throws Exception {
        HandedSession waits = waiting(rig.clock.now().minusMillis(50));
        rows.given.add(waits);
        rows.read = () -> Future.failedFuture(new BerthException(ErrorCode.UNAVAILABLE, "Postgres is away"));
        assertThat(((BerthException) failureOf(rig.client.endLost("node", waits.id()))).code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void aSessionThatWasGivenWithoutAWordIsFound() throws Exception {
        HandedSession waits = waiting(rig.clock.now().minusMillis(50));
        answer = any -> {
            rows.given.add(waits);
            return Future.failedFuture("it died then");
        };
        tell(Optional.of(waits.accepted().createdAt()));
        rig.launcher.next().succeeds();
        await(rig.client.whenRunning(waits.id()));
    }

    @Test
    void aSessionWhoseRowCouldNotBeReadIsFoundAtTheNextLook() throws Exception {
        HandedSession waits = waiting(rig.clock.now().minusMillis(50));
        rows.read = () -> Future.failedFuture("Postgres is away");
        assertThat(failure(hand(waits))).isNotNull();
        rows.read = Future::succeededFuture;
        rig.advanceUntil(() -> !rig.launcher.idle());
        rig.launcher.next().succeeds();
        await(rig.client.whenRunning(waits.id()));
    }

    @Test
    void aSessionIsTakenUpOnce() throws Exception {
        HandedSession waits = waiting(rig.clock.now().minusMillis(50));
        SessionId id = waits.id();
        Future<WaitingGiven> once = hand(waits);
        Future<WaitingGiven> twice = hand(waits);
        assertThat(await(once).sessionId()).contains(id);
        assertThat(await(twice).sessionId()).contains(id);
        rig.launcher.next().succeeds();
        await(rig.client.whenRunning(id));
        await(rig.client.ask(id, new EndSession(EndReason.CLIENT)));
        await(() -> !supervisor.holds(id));
        // Its row was read before its end was written.
        assertThat(await(hand(waits)).sessionId()).isEmpty();
        assertThat(supervisor.holds(id)).isFalse();
    }

    private static Throwable failureOf(Future<?> asked) throws Exception {
        Throwable e = failure(asked);
        return e instanceof io.vertx.core.eventbus.ReplyException reply
                ? new BerthException(ErrorCode.ofNumber(reply.failureCode()), String.valueOf(reply.getMessage()))
                : e;
    }
}
