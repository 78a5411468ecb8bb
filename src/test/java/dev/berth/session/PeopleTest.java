package dev.berth.session;

import static dev.berth.session.SessionRig.await;
import static dev.berth.session.SessionRig.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.FakeBrowser;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.Button;
import dev.berth.protocol.LiveCommand.Copy;
import dev.berth.protocol.LiveCommand.Key;
import dev.berth.protocol.LiveCommand.KeyAction;
import dev.berth.protocol.LiveCommand.Mouse;
import dev.berth.protocol.LiveCommand.MouseAction;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session that people use on its screen. */
@ExtendWith(VertxExtension.class)
class PeopleTest {
    private SessionRig rig;
    private SessionRig.Session session;
    private FakeBrowser browser;

    @BeforeEach
    void run(Vertx vertx) throws Exception {
        rig = new SessionRig(vertx);
        session = rig.session();
        browser = rig.launcher.next().succeeds();
        session.awaitStatus(SessionStatus.RUNNING);
    }

    @Test
    void aPersonActsWhileAVerbRuns() throws Exception {
        browser.hands.answer(command -> Promise.<SessionReply>promise().future());
        session.ask(new Evaluate("1", 1_000));
        assertThat(await(live(mouse(MouseAction.DOWN)))).isEqualTo(new Acknowledged());
        assertThat(await(live(mouse(MouseAction.UP)))).isEqualTo(new Acknowledged());
        assertThat(browser.screen.did()).containsExactly(mouse(MouseAction.DOWN), mouse(MouseAction.UP));
    }

    @Test
    void whatAPersonCopiesIsLogged() throws Exception {
        await(live(new Copy("page")));
        await(() -> rig.history.actions.size() == 1);
        ActionEntry copy = rig.history.actions.get(0);
        assertThat(copy.type()).isEqualTo("copy");
        assertThat(copy.details()).containsEntry("characters", 6);
        assertThat(copy.source()).isEqualTo(ActionSource.LIVE);
    }

    @Test
    void whatThePageHasNotTakenFailsWhenTheSessionEnds() throws Exception {
        browser.screen.onAct(command -> Promise.<Void>promise().future());
        Future<?> waiting = live(key("a"));
        await(() -> browser.screen.did().size() == 1);
        await(session.ask(new EndSession(EndReason.CLIENT)));
        assertThat(((BerthException) failure(waiting)).code()).isEqualTo(ErrorCode.SESSION_ENDED);
        assertThat(rig.history.actions).isEmpty();
    }

    private <R extends SessionReply> Future<R> live(LiveCommand<R> command) {
        return rig.client.from(ActionSource.LIVE).ask(session.id, command);
    }

    private static Mouse mouse(MouseAction action) {
        return new Mouse("page", action, 1, 2, Button.LEFT, 0, 1, 0);
    }

    private static Key key(String name) {
        return new Key("page", KeyAction.DOWN, name, "", name, 65, 0, false, 0);
    }
}
