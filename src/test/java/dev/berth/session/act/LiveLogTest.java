package dev.berth.session.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.Cost;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.Button;
import dev.berth.protocol.LiveCommand.Key;
import dev.berth.protocol.LiveCommand.KeyAction;
import dev.berth.protocol.LiveCommand.Mouse;
import dev.berth.protocol.LiveCommand.MouseAction;
import dev.berth.protocol.LiveCommand.Paste;
import dev.berth.protocol.LiveCommand.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LiveLogTest {
    private static final Envelope PERSON = new Envelope(OptionalLong.of(1), ActionSource.LIVE, Cost.NONE);

    private final HandScheduler clock = new HandScheduler();
    private final List<ActionEntry> entries = new ArrayList<>();
    private final LiveLog log = new LiveLog(clock, entries::add);

    @Test
    void whatIsTypedInOneGoIsOneEntry() throws Exception {
        type("h", "h", 0);
        clock.advance(1_000);
        type("i", "i", 0);
        type("Shift", "", 8);
        type("!", "!", 8);
        type("Enter", "\r", 0);
        clock.advance(1_499);
        assertThat(entries).isEmpty();
        clock.advance(1);
        assertThat(told()).containsExactly("type {pageId=page, text=hi!, keys=[Enter]}");
        assertThat(entries.get(0).source()).isEqualTo(ActionSource.LIVE);
        assertThat(entries.get(0).duration()).isEqualTo(2_500);
    }

    @Test
    void aShortcutIsNamed() {
        type("a", "", 2);
        type("ArrowLeft", "", 0);
        log.flush();
        assertThat(told()).containsExactly("type {pageId=page, keys=[Control+a, ArrowLeft]}");
    }

    @Test
    void aSecretIsInNoEntry() {
        secret("s");
        secret("3");
        type("Backspace", "", 0);
        secret("x");
        log.did(new Text("page", "yz"), true, PERSON, clock.now());
        log.did(new Paste("page", "secret"), true, PERSON, clock.now());
        assertThat(told())
                .containsExactly(
                        "type {pageId=page, text=[redacted], keys=[Backspace]}",
                        "paste {pageId=page, text=[redacted]}");
    }

    @Test
    void aCharacterThatIsTypedWithAltIsAsSecretAsOthers() {
        press("å", "å", 1, true);
        log.flush();
        assertThat(told()).containsExactly("type {pageId=page, text=[redacted]}");
    }

    @Test
    void aCharacterThatIsTypedByNoKeyIsInNoEntry() {
        type("p", "", 0);
        log.flush();
        assertThat(entries).isEmpty();
    }

    @Test
    void aClickIsOneEntryAndAMoveNone() {
        mouse(MouseAction.MOVE, 5, 5);
        mouse(MouseAction.DOWN, 10, 20);
        mouse(MouseAction.UP, 11, 20);
        mouse(MouseAction.DOWN, 10, 20);
        mouse(MouseAction.MOVE, 50, 20);
        mouse(MouseAction.UP, 90, 20);
        assertThat(told())
                .containsExactly(
                        "click {pageId=page, x=10.0, y=20.0, button=left, clickCount=1}",
                        "drag {pageId=page, x=10.0, y=20.0, toX=90.0, toY=20.0, button=left, clickCount=1}");
    }

    private void type(String key, String text, int modifiers) {
        press(key, text, modifiers, false);
    }

    private void secret(String key) {
        press(key, key, 0, true);
    }

    private void press(String key, String text, int modifiers, boolean secret) {
        for (KeyAction action : KeyAction.values()) {
            log.did(new Key("page", action, key, "", text, 65, 0, false, modifiers), secret, PERSON, clock.now());
        }
    }

    private void mouse(MouseAction action, double x, double y) {
        log.did((LiveCommand<?>) new Mouse("page", action, x, y, Button.LEFT, 1, 1, 0), false, PERSON, clock.now());
    }

    private List<String> told() {
        return entries.stream()
                .map(entry -> entry.type() + " " + Map.class.cast(entry.details()))
                .toList();
    }
}
