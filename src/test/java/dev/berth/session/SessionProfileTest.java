package dev.berth.session;

import static dev.berth.session.SessionRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.SavedProfile;
import dev.berth.fake.FakeBrowser;
import dev.berth.fake.FakeLauncher.Launch;
import dev.berth.fake.FakeProfiles;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.ProfileUse.SaveProfile;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.session.machine.ClosingStep;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session begins with its profile, and saves it before its browser is gone. */
@ExtendWith(VertxExtension.class)
class SessionProfileTest {
    private static final SavedProfile.Contents COOKIES = new SavedProfile.Contents(false);

    private SessionRig rig;

    @BeforeEach
    void aNode(Vertx vertx) throws Exception {
        rig = new SessionRig(vertx);
    }

    private SessionRig.Session session(SaveProfile save) throws Exception {
        return rig.session(SessionRig.options().toBuilder()
                .profile(Optional.of(new ProfileUse("shop", save, Optional.empty())))
                .build());
    }

    private FakeBrowser runs(SessionRig.Session session) throws Exception {
        FakeBrowser browser = rig.launcher.next().succeeds();
        session.awaitStatus(SessionStatus.RUNNING);
        return browser;
    }

    private SessionDescription end(SessionRig.Session session, EndReason reason) throws Exception {
        await(session.ask(new EndSession(reason)));
        return rig.history.rows.get(session.id);
    }

    private void keep(int versions) {
        List<FakeProfiles.Version> kept = new CopyOnWriteArrayList<>();
        for (int i = 0; i < versions; i++) {
            kept.add(new FakeProfiles.Version(new byte[0], true, null));
        }
        rig.profiles.kept.put("shop", kept);
    }

    @Test
    void aSessionBeginsWithTheNewestVersionAndSavesTheNext() throws Exception {
        keep(2);
        SessionRig.Session session = session(SaveProfile.ALWAYS);
        Launch launch = rig.launcher.next();
        assertThat(launch.spec().profile())
                .hasValueSatisfying(begun -> assertThat(begun.hasFolders()).isTrue());
        FakeBrowser browser = launch.succeeds();
        session.awaitStatus(SessionStatus.RUNNING);
        assertThat(session.describe().profile())
                .contains(ProfileOutcome.of(new ProfileUse("shop", SaveProfile.ALWAYS, Optional.empty()))
                        .beganWith(2));
        SessionDescription over = end(session, EndReason.CLIENT);
        assertThat(over.profile().orElseThrow())
                .isEqualTo(new ProfileOutcome("shop", Optional.of(2), Optional.of(3), Optional.empty()));
        assertThat(browser.told()).contains("save");
        assertThat(browser.closed().succeeded()).isTrue();
    }

    @Test
    void aProfileThatDoesNotExistYetBeginsEmpty() throws Exception {
        SessionRig.Session session = session(SaveProfile.ALWAYS);
        Launch launch = rig.launcher.next();
        assertThat(launch.spec().profile()).isEmpty();
        launch.succeeds();
        session.awaitStatus(SessionStatus.RUNNING);
        assertThat(end(session, EndReason.IDLE_TIMEOUT).profile().orElseThrow().saved())
                .contains(1);
    }

    @Test
    void onlySuccessSavesWhereThatIsAskedFor() throws Exception {
        SessionRig.Session session = session(SaveProfile.ON_SUCCESS);
        FakeBrowser browser = runs(session);
        SessionDescription failed = end(session, EndReason.TASK_FAILED);
        assertThat(failed.profile().orElseThrow().saved()).isEmpty();
        assertThat(failed.profile().orElseThrow().error()).isEmpty();
        assertThat(browser.told()).doesNotContain("save");
        SessionRig.Session finished = session(SaveProfile.ON_SUCCESS);
        runs(finished);
        assertThat(end(finished, EndReason.TASK_FINISHED)
                        .profile()
                        .orElseThrow()
                        .saved())
                .contains(1);
    }

    @Test
    void aCopyIsNotSaved() throws Exception {
        keep(1);
        SessionRig.Session session = session(SaveProfile.NEVER);
        FakeBrowser browser = runs(session);
        assertThat(end(session, EndReason.CLIENT).profile().orElseThrow())
                .isEqualTo(new ProfileOutcome("shop", Optional.of(1), Optional.empty(), Optional.empty()));
        assertThat(browser.told()).doesNotContain("save");
    }

    @Test
    void aCrashLeavesTheVersionBeforeAndSaysSo() throws Exception {
        keep(1);
        SessionRig.Session session = session(SaveProfile.ALWAYS);
        Launch launch = rig.launcher.next();
        FakeBrowser browser = launch.succeeds();
        session.awaitStatus(SessionStatus.RUNNING);
        rig.vertx.runOnContext(ignored -> launch.spec().listener().browserGone("killed"));
        await(session.verticle.whenOver());
        assertThat(rig.history.rows.get(session.id).profile().orElseThrow().error())
                .contains("the session ended as browser_crashed");
        assertThat(browser.told()).doesNotContain("save");
        assertThat(rig.profiles.kept.get("shop")).hasSize(1);
    }

    @Test
    void aSaveThatFailsSaysWhyAndTheSessionEndsAllTheSame() throws Exception {
        SessionRig.Session session = session(SaveProfile.ALWAYS);
        FakeBrowser browser = runs(session);
        browser.onSave(() -> Future.failedFuture(new IOException("the profile has more than 256 MiB")));
        SessionDescription over = end(session, EndReason.CLIENT);
        assertThat(over.status()).isEqualTo(SessionStatus.COMPLETED);
        assertThat(over.profile().orElseThrow().error()).contains("the profile has more than 256 MiB");
        assertThat(rig.profiles.kept).isEmpty();
    }

    @Test
    void noPathOfTheMachineIsTold() throws Exception {
        SessionRig.Session session = session(SaveProfile.ALWAYS);
        runs(session).onSave(() -> Future.failedFuture(new NoSuchFileException("/data/profiles/c-1")));
        assertThat(end(session, EndReason.CLIENT).profile().orElseThrow().error())
                .contains("the server's log says why");
    }

    /** A session whose save is complete, or has failed, after it was given up. */
    private SessionRig.Session givenUp(Promise<SavedProfile.Contents> saving, Runnable late) throws Exception {
        SessionRig.Session session = session(SaveProfile.ALWAYS);
        FakeBrowser browser = runs(session);
        browser.onSave(saving::future);
        Future<SessionOver> end = session.ask(new EndSession(EndReason.CLIENT));
        // Its row is written last: what comes late comes before that.
        browser.closed().onComplete(gone -> late.run());
        for (int seconds = 0; seconds < 60 && !end.isComplete(); seconds++) {
            session.settle();
            rig.clock.advance(1_000);
        }
        await(end);
        session.settle();
        assertThat(browser.closed().succeeded()).isTrue();
        return session;
    }

    @Test
    void aSaveThatHangsIsGivenUp() throws Exception {
        Promise<SavedProfile.Contents> saving = Promise.promise();
        SessionRig.Session session = givenUp(saving, () -> saving.complete(COOKIES));
        assertThat(rig.history.rows.get(session.id).profile().orElseThrow().error())
                .contains("it took more than " + ClosingStep.SAVE_PROFILE.maxMillis() + " ms");
        assertThat(rig.profiles.kept).isEmpty();
    }

    @Test
    void aSaveThatFailsAfterItWasGivenUpLeavesTheReason() throws Exception {
        Promise<SavedProfile.Contents> saving = Promise.promise();
        SessionRig.Session session = givenUp(saving, () -> saving.fail("its browser is gone"));
        assertThat(rig.history.rows.get(session.id).profile().orElseThrow().error())
                .contains("it took more than " + ClosingStep.SAVE_PROFILE.maxMillis() + " ms");
    }

    @Test
    void anEndDoesNotWaitForAProfileThatIsStillLoaded() throws Exception {
        keep(1);
        Promise<Void> stored = Promise.promise();
        rig.profiles.slow = stored.future();
        SessionRig.Session session = session(SaveProfile.ALWAYS);
        await(session.ask(new EndSession(EndReason.CLIENT)));
        stored.complete();
        session.settle();
        assertThat(rig.profiles.discarded).hasValue(1);
        assertThat(rig.history.rows.get(session.id).profile().orElseThrow().version())
                .isEmpty();
    }

    @Test
    void aProfileThatCannotBeLoadedFailsTheSession() throws Exception {
        rig.profiles.broken = Optional.of(new BerthException(ErrorCode.NOT_FOUND, "there is no version 7"));
        SessionRig.Session session = session(SaveProfile.ALWAYS);
        await(session.verticle.whenOver());
        SessionDescription over = rig.history.rows.get(session.id);
        assertThat(over.endReason()).contains(EndReason.LAUNCH_FAILED);
        assertThat(over.endDetail()).contains("its profile could not be loaded: there is no version 7");
    }

    @Test
    void anObjectStoreThatFailsLeavesTheVersionBefore() throws Exception {
        keep(1);
        SessionRig.Session session = session(SaveProfile.ALWAYS);
        runs(session);
        rig.profiles.broken = Optional.of(new BerthException(ErrorCode.UNAVAILABLE, "the object store is away"));
        assertThat(end(session, EndReason.NODE_DRAINED).profile().orElseThrow())
                .isEqualTo(new ProfileOutcome(
                        "shop", Optional.of(1), Optional.empty(), Optional.of("the object store is away")));
        assertThat(rig.profiles.kept.get("shop")).hasSize(1);
    }
}
