package dev.berth.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.LiveCommand.Button;
import dev.berth.protocol.LiveCommand.Key;
import dev.berth.protocol.LiveCommand.KeyAction;
import dev.berth.protocol.LiveCommand.Mouse;
import dev.berth.protocol.LiveCommand.MouseAction;
import dev.berth.protocol.LiveCommand.Paste;
import dev.berth.protocol.LiveCommand.Touch;
import dev.berth.protocol.LiveCommand.TouchAction;
import dev.berth.protocol.LiveCommand.TouchPoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldInputsTest {
    private final HeldInputs held = new HeldInputs();

    private static Mouse mouse(String page, MouseAction action, int x, Button button) {
        int buttons = action == MouseAction.UP ? 0 : 1;
        return new Mouse(page, action, x, 0, button, buttons, action == MouseAction.MOVE ? 0 : 1, 0);
    }

    private static Key key(KeyAction action, String code) {
        return new Key("A", action, "a", code, action == KeyAction.DOWN ? "a" : "", 65, 0, false, 0);
    }

    private static Touch touch(TouchAction action, TouchPoint... points) {
        return new Touch("A", action, List.of(points), 0);
    }

    @Test
    void aButtonIsReleasedWhereTheMouseIsOnItsPage() {
        held.sent(mouse("A", MouseAction.DOWN, 1, Button.LEFT));
        held.sent(mouse("A", MouseAction.MOVE, 2, Button.NONE));
        held.sent(mouse("B", MouseAction.MOVE, 3, Button.NONE));
        assertThat(held.letGo()).containsExactly(mouse("A", MouseAction.UP, 2, Button.LEFT));
        assertThat(held.letGo()).isEmpty();
    }

    @Test
    void whatWasReleasedIsNotReleasedAgain() {
        held.sent(mouse("A", MouseAction.DOWN, 1, Button.LEFT));
        held.sent(mouse("A", MouseAction.DOWN, 1, Button.RIGHT));
        held.sent(mouse("A", MouseAction.UP, 1, Button.LEFT));
        held.sent(key(KeyAction.DOWN, "KeyA"));
        held.sent(key(KeyAction.DOWN, "KeyB"));
        held.sent(key(KeyAction.UP, "KeyA"));
        assertThat(held.letGo())
                .containsExactly(mouse("A", MouseAction.UP, 1, Button.RIGHT), key(KeyAction.UP, "KeyB"));
    }

    @Test
    void aKeyThatRepeatsIsReleasedOnce() {
        held.sent(key(KeyAction.DOWN, ""));
        held.sent(key(KeyAction.DOWN, ""));
        held.sent(new Paste("A", "x"));
        assertThat(held.letGo()).containsExactly(key(KeyAction.UP, ""));
    }

    @Test
    void fingersThatAreStillThereAreLifted() {
        TouchPoint one = new TouchPoint(1, 1, 1);
        held.sent(touch(TouchAction.START, one, new TouchPoint(2, 2, 2)));
        held.sent(touch(TouchAction.END, one));
        assertThat(held.letGo()).containsExactly(touch(TouchAction.CANCEL));
        held.sent(touch(TouchAction.START, one));
        held.sent(touch(TouchAction.END));
        assertThat(held.letGo()).isEmpty();
    }

    @Test
    void theEarliestOfTooManyAreForgotten() {
        for (int i = 0; i <= HeldInputs.MAX; i++) {
            held.sent(key(KeyAction.DOWN, "K" + i));
        }
        assertThat(held.letGo()).hasSize(HeldInputs.MAX).doesNotContain(key(KeyAction.UP, "K0"));
    }
}
