package dev.berth.session;

import static dev.berth.session.SessionRig.await;
import static dev.berth.session.SessionRig.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.Browser;
import dev.berth.fake.FakeBrowser;
import dev.berth.fake.FakeLauncher.Launch;
import dev.berth.history.SessionRepository.TrafficLeft;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ActionReply.EvaluationResult;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CdpClientCommand.ClaimDialogs;
import dev.berth.protocol.CdpClientCommand.DetachCdpClient;
import dev.berth.protocol.CdpClientCommand.OpenCdp;
import dev.berth.protocol.CdpClientCommand.RecordCdpActions;
import dev.berth.protocol.Cost;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageOutcome;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.CheckHealth;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionCommand.ReadActions;
import dev.berth.protocol.SessionCommand.ReadArtifacts;
import dev.berth.protocol.SessionCommand.ReadLog;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionStatus.Health;
import dev.berth.protocol.UsageSample.Traffic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session as its clients see it, on a fake browser and a clock that the test advances. */
@ExtendWith(VertxExtension.class)
class SessionVerticleTest {
    private static final Evaluate ACTION = new Evaluate("1", 1_000);

    private static final EvaluationResult ONE = new EvaluationResult("1", "number");

    private SessionRig rig;
    private FakeBrowser browser;

    @BeforeEach
    void rig(Vertx vertx) throws Exception {
        rig = new SessionRig(vertx);
    }

    private SessionRig.Session running() throws Exception {
        SessionRig.Session session = rig.session();
        browser = rig.launcher.next().succeeds();
        session.awaitStatus(SessionStatus.RUNNING);
        return session;
    }

    private static ErrorCode code(Throwable e) {
        return ((BerthException) e).code();
    }

    @Test
    void runsOnceItsBrowserIsUp() throws Exception {
        SessionRig.Session session = rig.session();
        Launch launch = rig.launcher.next();
        assertThat(session.describe().status()).isEqualTo(SessionStatus.CREATING);
        assertThat(code(failure(session.ask(ACTION)))).isEqualTo(ErrorCode.SESSION_NOT_RUNNING);
        launch.succeeds().hands.answer(command -> Future.succeededFuture(ONE));
        session.awaitStatus(SessionStatus.RUNNING);
        assertThat(await(session.ask(ACTION))).isEqualTo(ONE.with(PageOutcome.of("page")));
        assertThat(rig.history.actions)
                .singleElement()
                .satisfies(action -> assertThat(action.type()).isEqualTo("evaluate"));
    }

    @Test
    void whoWaitsForItIsToldThatItRunsBeforeTheHistoryHasThat() throws Exception {
        rig.history.outcome(
                call -> call.equals("save") ? Promise.<Void>promise().future() : Future.succeededFuture());
        SessionRig.Session session = rig.session();
        Launch launch = rig.launcher.next();
        Future<SessionDescription> running = session.ask(new AwaitRunning());
        session.settle();
        assertThat(running.isComplete()).isFalse();
        launch.succeeds();
        assertThat(await(running).status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(await(session.ask(new AwaitRunning())).status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(rig.history.rows).isEmpty();
    }

    @Test
    void whoWaitsForItToRunIsToldWhereItEndsBefore() throws Exception {
        SessionRig.Session session = rig.session();
        rig.launcher.next();
        Future<SessionDescription> running = session.ask(new AwaitRunning());
        Future<SessionOver> over = session.ask(new EndSession(EndReason.CLIENT));
        assertThat(code(failure(running))).isEqualTo(ErrorCode.SESSION_ENDED);
        await(over);
    }

    @Test
    void aLaunchThatFailsWithoutAMessageEndsTheSession() throws Exception {
        SessionRig.Session session = rig.session();
        rig.launcher.next().outcome().fail(new IllegalStateException());
        assertThat(await(session.verticle.whenOver()))
                .isEqualTo(new SessionOver(SessionStatus.FAILED, EndReason.LAUNCH_FAILED));
    }

    @Test
    void aBrowserThatDoesNotAnswerThePresenceCheckDoesNotDelayTheEnd() throws Exception {
        SessionRig.Session session = running();
        browser.onPresence(() -> Promise.<Void>promise().future());
        Future<SessionOver> end = session.ask(new EndSession(EndReason.CLIENT_DISCONNECTED));
        session.settle();
        assertThat(end.isComplete()).isFalse();
        rig.clock.advance(5_000);
        assertThat(await(end).reason()).isEqualTo(EndReason.CLIENT_DISCONNECTED);
    }

    @Test
    void aDeadBrowserIsNotReportedAsClientsThatLeft() throws Exception {
        SessionRig.Session session = rig.session();
        Launch launch = rig.launcher.next();
        launch.succeeds().onPresence(() -> {
            launch.spec().listener().browserGone("signal 9");
            return Future.succeededFuture();
        });
        session.awaitStatus(SessionStatus.RUNNING);
        Future<SessionOver> end = session.ask(new EndSession(EndReason.CLIENT_DISCONNECTED));
        assertThat(await(end)).isEqualTo(new SessionOver(SessionStatus.FAILED, EndReason.BROWSER_CRASHED));
        assertThat(rig.history.rows.get(session.id).endDetail()).contains("signal 9");
    }

    @Test
    void sendsAndReceivesNoMoreThanItsKeyLeavesIt() throws Exception {
        rig.history.trafficLeft = Optional.of(new TrafficLeft(100, 5));
        SessionRig.Session session = rig.session();
        Launch launch = rig.launcher.next();
        launch.browser().traffic = new Traffic(20, 10, 1);
        browser = launch.succeeds();
        session.awaitStatus(SessionStatus.RUNNING);
        session.settle();
        assertThat(browser.told())
                .contains(
                        "limit 130: the sessions of its API key may send and receive 5 MiB a month (limits.trafficMibPerMonth)");
        assertThat(session.describe().traffic()).isEqualTo(new Traffic(20, 10, 1));
        await(session.ask(new EndSession(EndReason.CLIENT)));
        assertThat(rig.history.rows.get(session.id).traffic()).isEqualTo(new Traffic(20, 10, 1));
    }

    @Test
    void readsAreAnsweredWhileAnActionRuns() throws Exception {
        SessionRig.Session session = running();
        browser.hands.answer(command -> Promise.promise().future());
        Future<?> runs = session.ask(ACTION);
        assertThat(session.describe().status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(await(session.ask(new ReadActions(0, 10))).actions()).isEmpty();
        assertThat(await(session.ask(new ReadArtifacts())).artifacts()).isEmpty();
        assertThat(await(session.ask(new ReadLog(LogKind.CONSOLE, 0, 10))).total())
                .isZero();
        assertThat(await(session.ask(new ReadLog(LogKind.NETWORK, 0, 10))).total())
                .isZero();
        assertThat(await(session.ask(new CheckHealth())).status()).isEqualTo(Health.HEALTHY);
        assertThat(runs.isComplete()).isFalse();
    }

    /** Another node may have told that it ended. */
    @Test
    void whileItsNodeDoesNotKnowWhetherItWasLostItDoesNotTellThatItLives() throws Exception {
        SessionRig.Session session = rig.session();
        Launch launch = rig.launcher.next();
        Future<SessionDescription> awaited = session.ask(new AwaitRunning());
        session.settle();
        Promise<Void> known = Promise.promise();
        rig.confirmed = known.future();
        launch.succeeds();
        Future<SessionDescription> described = session.ask(new DescribeSession());
        known.fail(new BerthException(ErrorCode.NOT_READY, "it was declared lost"));
        assertThat(code(failure(awaited))).isEqualTo(ErrorCode.NOT_READY);
        assertThat(code(failure(described))).isEqualTo(ErrorCode.NOT_READY);
        for (SessionCommand<?> command : List.of(new DescribeSession(), new AwaitRunning(), new CheckHealth())) {
            assertThat(failure(session.ask(command)))
                    .hasMessage("it was declared lost")
                    .extracting(SessionVerticleTest::code)
                    .isEqualTo(ErrorCode.NOT_READY);
        }
        rig.confirmed = Future.succeededFuture();
        assertThat(await(session.ask(new DescribeSession())).status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(await(session.ask(new EndSession(EndReason.CLIENT))).reason())
                .isEqualTo(EndReason.CLIENT);
    }

    @Test
    void theEndFailsPendingCommands() throws Exception {
        SessionRig.Session session = running();
        browser.onProbe(() -> Promise.<Browser.Probe>promise().future());
        browser.hands.answer(command -> Promise.promise().future());
        Future<?> health = session.ask(new CheckHealth());
        Future<?> runs = session.ask(ACTION);
        Future<?> waits = session.ask(ACTION);
        await(session.ask(new EndSession(EndReason.CLIENT)));
        for (Future<?> pending : new Future<?>[] {health, runs, waits}) {
            assertThat(code(failure(pending))).isEqualTo(ErrorCode.SESSION_ENDED);
        }
        // The running action is in the log; the waiting one never ran.
        assertThat(rig.history.actions).hasSize(1);
    }

    @Test
    void theEndWaitsForActionsThatItsClientsReportThen() throws Exception {
        SessionRig.Session session = running();
        await(session.ask(new OpenCdp("a")));
        Promise<Void> append = Promise.promise();
        rig.history.outcome(call -> call.equals("append") ? append.future() : Future.succeededFuture());
        Future<SessionOver> end = session.ask(new EndSession(EndReason.CLIENT));
        session.ask(new RecordCdpActions(List.of(new ActionEntry(
                ActionEntry.newId(),
                "click",
                rig.clock.now(),
                true,
                Map.of(ActionEntry.PAGE_ID, "page"),
                1,
                ActionSource.CDP,
                Optional.empty(),
                Cost.NONE))));
        session.ask(new DetachCdpClient("a"));
        session.settle();
        append.complete();
        await(end);
        assertThat(rig.history.rows.get(session.id).actionCount()).isOne();
    }

    @Test
    void aBrowserThatThrowsDoesNotKeepTheSessionFromEnding() throws Exception {
        SessionRig.Session session = running();
        browser.onClose(() -> {
            throw new IllegalStateException("on purpose");
        });
        browser.failOnTold();
        await(session.ask(new OpenCdp("a")));
        await(session.ask(new ClaimDialogs("a", Set.of("p"))));
        await(session.ask(new DetachCdpClient("a")));
        assertThat(await(session.ask(new EndSession(EndReason.CLIENT))).reason())
                .isEqualTo(EndReason.CLIENT);
    }

    @Test
    void undeployingEndsIt() throws Exception {
        SessionRig.Session session = running();
        session.undeploy();
        assertThat(rig.history.rows.get(session.id).endReason()).contains(EndReason.NODE_DRAINED);
        assertThat(browser.closed().succeeded()).isTrue();
        rig.clock.advance(1_000);
        assertThat(rig.clock.timers()).isZero();
    }

    @Test
    void anEndedSessionLeavesNoTimer() throws Exception {
        SessionRig.Session session = running();
        await(session.ask(new OpenCdp("a")));
        Future<SessionOver> end = session.ask(new EndSession(EndReason.CLIENT));
        session.settle();
        rig.clock.advance(500);
        await(end);
        rig.clock.advance(1_000);
        assertThat(rig.clock.timers()).isZero();
    }
}
