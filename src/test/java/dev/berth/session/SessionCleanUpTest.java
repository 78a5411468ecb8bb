package dev.berth.session;

import static dev.berth.session.SessionRig.await;
import static dev.berth.session.SessionRig.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.BrowserListener.Download;
import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.fake.FakeBrowser;
import dev.berth.fake.FakeLauncher.Launch;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CdpClientCommand.OpenCdp;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.ConsoleEntry.ConsoleLevel;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.RecordingAction.StartRecording;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The clean-up of a session ends in bounded time, whichever part fails or hangs. */
@ExtendWith(VertxExtension.class)
class SessionCleanUpTest {
    /** The timeouts of all steps together. */
    private static final long LONGEST_MILLIS = 92_000;

    private SessionRig rig;
    private SessionRig.Session session;
    private Launch launch;
    private FakeBrowser browser;

    /** The parts that can hold up an end. */
    private enum Part {
        DOWNLOAD,
        BROWSER,
        RECORDING,
        ACTION_LOG,
        CLIENT,
        LOGS
    }

    @BeforeEach
    void aSessionThatHasSomethingToKeep(Vertx vertx) throws Exception {
        rig = new SessionRig(vertx);
        session = rig.session();
        launch = rig.launcher.next();
        browser = launch.succeeds();
        session.awaitStatus(SessionStatus.RUNNING);
    }

    private static Future<Void> hang() {
        return Promise.<Void>promise().future();
    }

    private static Future<Void> fail() {
        return Future.failedFuture("on purpose");
    }

    private static Future<Void> throwIt() {
        throw new IllegalStateException("on purpose");
    }

    /** @param fault the outcome of the part's work */
    private void hinder(Part part, Supplier<Future<Void>> fault) throws Exception {
        switch (part) {
            case DOWNLOAD -> {
                rig.store.outcome(call -> call.equals("size") ? fault.get() : Future.succeededFuture());
                onContext(() -> launch.spec()
                        .listener()
                        .downloadEnded(new Download(
                                "d",
                                Optional.of("page"),
                                "https://a.b/f",
                                "f",
                                () -> Future.succeededFuture(Path.of("/f")),
                                Instant.now(),
                                Optional.empty())));
            }
            case BROWSER -> browser.onClose(fault);
            case RECORDING -> {
                rig.recorders.outcome(call -> call.equals("finish") ? fault.get() : Future.succeededFuture());
                browser.picture.looksLike(
                        new ScreenFrame("page", "document", Buffer.buffer("screen"), Instant.now(), 2, 2));
                await(session.ask(new StartRecording()));
            }
            case ACTION_LOG -> {
                rig.history.outcome(call -> call.equals("append") ? fault.get() : Future.succeededFuture());
                browser.hands.answer(command -> Promise.promise().future());
                session.ask(new Evaluate("1", 1_000));
            }
            case CLIENT -> await(session.ask(new OpenCdp("a")));
            case LOGS -> {
                rig.store.outcome(call -> call.equals("put") ? fault.get() : Future.succeededFuture());
                onContext(() -> launch.spec()
                        .listener()
                        .consoleLogged(new ConsoleEntry(
                                ConsoleLevel.LOG, "x", Instant.now(), Optional.empty(), Optional.empty(), "page")));
            }
        }
        session.settle();
    }

    private void onContext(Runnable heard) throws Exception {
        Promise<Void> done = Promise.promise();
        rig.vertx.runOnContext(ignored -> {
            heard.run();
            done.complete();
        });
        await(done.future());
    }

    /** Advances the clock until the end is over; gives the milliseconds that it took. */
    private long millisToTheEnd(Future<SessionOver> end) throws Exception {
        long start = rig.clock.nanos();
        while (!end.isComplete() && rig.clock.nanos() - start < LONGEST_MILLIS * 1_000_000) {
            settle();
            if (!end.isComplete()) {
                rig.clock.advance(100);
            }
        }
        assertThat(end.isComplete()).as("over in time").isTrue();
        return (rig.clock.nanos() - start) / 1_000_000;
    }

    /** The session's consumer answers until it is undeployed; that it no longer answers shows the same. */
    private void settle() throws Exception {
        for (int i = 0; i < 3; i++) {
            Promise<Void> turn = Promise.promise();
            rig.vertx.runOnContext(ignored -> turn.complete());
            await(turn.future());
            await(rig.vertx.executeBlocking(() -> null, false));
        }
    }

    private Future<SessionOver> end() {
        return session.ask(new EndSession(EndReason.CLIENT));
    }

    @ParameterizedTest
    @EnumSource(Part.class)
    void aPartThatHangsDelaysTheEndForABoundedTime(Part part) throws Exception {
        hinder(part, SessionCleanUpTest::hang);
        Future<SessionOver> end = end();
        assertThat(millisToTheEnd(end)).isBetween(500L, LONGEST_MILLIS);
        assertThat(browser.closed().succeeded()).isTrue();
        assertThat(rig.history.rows.get(session.id).status()).isEqualTo(SessionStatus.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Part.class,
            names = {"DOWNLOAD", "BROWSER", "RECORDING", "ACTION_LOG"})
    void aPartThatFailsDoesNotHoldTheEndUp(Part part) throws Exception {
        hinder(part, SessionCleanUpTest::fail);
        endsAtOnce();
    }

    @ParameterizedTest
    @EnumSource(
            value = Part.class,
            names = {"DOWNLOAD", "BROWSER", "RECORDING", "ACTION_LOG"})
    void aPartThatThrowsDoesNotHoldTheEndUp(Part part) throws Exception {
        hinder(part, SessionCleanUpTest::throwIt);
        endsAtOnce();
    }

    private void endsAtOnce() throws Exception {
        assertThat(await(end())).isEqualTo(new SessionOver(SessionStatus.COMPLETED, EndReason.CLIENT));
        assertThat(browser.closed().succeeded()).isTrue();
    }

    @Test
    void logsAreOnTheirWayToTheObjectStoreWhileTheBrowserEnds() throws Exception {
        Promise<Void> closing = Promise.promise();
        hinder(Part.BROWSER, closing::future);
        hinder(Part.LOGS, Future::succeededFuture);
        Future<SessionOver> end = session.ask(new EndSession(EndReason.CLIENT));
        while (rig.store.uploaded.isEmpty()) {
            session.settle();
        }
        assertThat(end.isComplete()).isFalse();
        closing.complete();
        await(end);
        assertThat(rig.store.uploaded).hasSize(1);
    }

    @Test
    void logsThatCannotBeWrittenAreRetriedUntilTheyCan() throws Exception {
        Files.delete(rig.logs);
        hinder(Part.LOGS, Future::succeededFuture);
        assertThat(((BerthException) failure(end())).code()).isEqualTo(ErrorCode.UPSTREAM);
        rig.clock.advance(1_000);
        assertThat(session.verticle.whenOver().isComplete()).isFalse();
        Files.createDirectory(rig.logs);
        Future<SessionOver> over = session.verticle.whenOver();
        millisToTheEnd(over);
        SessionRig.await(() -> rig.history.chunks.size() == 1);
        // A second request reports the state of that time.
        assertThat(await(end()).reason()).isEqualTo(EndReason.CLIENT);
    }

    @Test
    void aLastStateThatCannotBeWrittenIsRetriedUntilItCan() throws Exception {
        rig.history.outcome(call -> call.equals("end") ? hang() : Future.succeededFuture());
        Future<SessionOver> end = end();
        millisToTheEnd(end);
        assertThat(((BerthException) end.cause()).code()).isEqualTo(ErrorCode.UPSTREAM);
        rig.history.outcome(call -> Future.succeededFuture());
        millisToTheEnd(session.verticle.whenOver());
        assertThat(rig.history.rows.get(session.id).endReason()).contains(EndReason.CLIENT);
    }

    @Test
    void aLaunchThatFinishesTooLateStillEndsItsBrowser() throws Exception {
        await(end());
        rig.launcher.ignoreAborts();
        session = rig.session();
        launch = rig.launcher.next();
        Future<SessionOver> end = end();
        await(launch.spec().abort());
        assertThat(millisToTheEnd(end)).isBetween(19_000L, 21_000L);
        assertThat(end.result().status()).isEqualTo(SessionStatus.CANCELLED);
        await(launch.succeeds().closed());
        assertThat(rig.screens.find(session.id)).isEmpty();
    }
}
