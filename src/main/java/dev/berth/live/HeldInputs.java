package dev.berth.live;

import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.Key;
import dev.berth.protocol.LiveCommand.KeyAction;
import dev.berth.protocol.LiveCommand.Mouse;
import dev.berth.protocol.LiveCommand.MouseAction;
import dev.berth.protocol.LiveCommand.Touch;
import dev.berth.protocol.LiveCommand.TouchAction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The buttons, keys and touches that a viewer holds, and how to let go of each. On the viewer's event loop. */
final class HeldInputs {
    /** Limit for held keys and buttons, as a viewer may name any key: more than hands can hold. The earliest are forgotten. */
    static final int MAX = 32;

    private static final String FINGERS = "fingers";

    private final Map<InputId, LiveCommand<?>> releases = new LinkedHashMap<>();

    /** @param name of the button or key */
    private record InputId(Class<?> kind, String pageId, String name) {}

    /** Takes note of what was sent to the page. */
    void sent(LiveCommand<?> command) {
        if (command instanceof Mouse mouse) {
            mouse(mouse);
        } else if (command instanceof Key key) {
            key(key);
        } else if (command instanceof Touch touch) {
            touch(touch);
        }
    }

    /** The commands that let go of all held keys and buttons. From now on nothing is held. */
    List<LiveCommand<?>> letGo() {
        List<LiveCommand<?>> all = List.copyOf(releases.values());
        releases.clear();
        return all;
    }

    private void mouse(Mouse mouse) {
        InputId button = new InputId(Mouse.class, mouse.pageId(), mouse.button().name());
        if (mouse.action() == MouseAction.DOWN) {
            hold(button, released(mouse, mouse));
        } else if (mouse.action() == MouseAction.UP) {
            releases.remove(button);
        }
        releases.replaceAll((input, release) ->
                release instanceof Mouse up && up.pageId().equals(mouse.pageId()) ? released(up, mouse) : release);
    }

    private static Mouse released(Mouse pressed, Mouse at) {
        return new Mouse(
                pressed.pageId(), MouseAction.UP, at.x(), at.y(), pressed.button(), 0, pressed.clickCount(), 0);
    }

    private void key(Key key) {
        InputId name = new InputId(Key.class, key.pageId(), key.code().isEmpty() ? key.key() : key.code());
        if (key.action() == KeyAction.DOWN) {
            hold(name, released(key));
        } else {
            releases.remove(name);
        }
    }

    private static Key released(Key pressed) {
        return new Key(
                pressed.pageId(),
                KeyAction.UP,
                pressed.key(),
                pressed.code(),
                "",
                pressed.keyCode(),
                pressed.location(),
                false,
                0);
    }

    private void touch(Touch touch) {
        InputId fingers = new InputId(Touch.class, touch.pageId(), FINGERS);
        if (touch.points().isEmpty() || touch.action() == TouchAction.CANCEL) {
            releases.remove(fingers);
        } else {
            hold(fingers, new Touch(touch.pageId(), TouchAction.CANCEL, List.of(), 0));
        }
    }

    private void hold(InputId input, LiveCommand<?> release) {
        releases.put(input, release);
        if (releases.size() > MAX) {
            releases.remove(releases.keySet().iterator().next());
        }
    }
}
