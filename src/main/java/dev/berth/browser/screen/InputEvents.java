package dev.berth.browser.screen;

import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.Key;
import dev.berth.protocol.LiveCommand.KeyAction;
import dev.berth.protocol.LiveCommand.Mouse;
import dev.berth.protocol.LiveCommand.MouseAction;
import dev.berth.protocol.LiveCommand.Paste;
import dev.berth.protocol.LiveCommand.Text;
import dev.berth.protocol.LiveCommand.Touch;
import dev.berth.protocol.LiveCommand.TouchPoint;
import dev.berth.protocol.LiveCommand.Wheel;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * A command of CDP's domain {@code Input}.
 *
 * @param method without the domain
 */
record InputEvents(String method, JsonObject params) {
    private static final int KEYPAD = 3;

    static InputEvents of(LiveCommand<?> command) {
        if (command instanceof Mouse mouse) {
            return mouse(mouse);
        } else if (command instanceof Wheel wheel) {
            return wheel(wheel);
        } else if (command instanceof Key key) {
            return key(key);
        } else if (command instanceof Touch touch) {
            return touch(touch);
        } else if (command instanceof Text text) {
            return text(text.text());
        } else if (command instanceof Paste paste) {
            return text(paste.text());
        }
        throw new IllegalArgumentException("no input: " + command.getClass());
    }

    private static InputEvents mouse(Mouse mouse) {
        String type = mouse.action() == MouseAction.MOVE
                ? "mouseMoved"
                : mouse.action() == MouseAction.DOWN ? "mousePressed" : "mouseReleased";
        return new InputEvents(
                "dispatchMouseEvent",
                new JsonObject()
                        .put("type", type)
                        .put("x", mouse.x())
                        .put("y", mouse.y())
                        .put("button", mouse.button().name().toLowerCase(Locale.ROOT))
                        .put("buttons", mouse.buttons())
                        .put("clickCount", mouse.clickCount())
                        .put("modifiers", mouse.modifiers()));
    }

    private static InputEvents wheel(Wheel wheel) {
        return new InputEvents(
                "dispatchMouseEvent",
                new JsonObject()
                        .put("type", "mouseWheel")
                        .put("x", wheel.x())
                        .put("y", wheel.y())
                        .put("deltaX", wheel.deltaX())
                        .put("deltaY", wheel.deltaY())
                        .put("modifiers", wheel.modifiers()));
    }

    /** A key that types nothing is a raw one: Chrome would take it for a character. */
    private static InputEvents key(Key key) {
        boolean down = key.action() == KeyAction.DOWN;
        JsonObject params = new JsonObject()
                .put("type", !down ? "keyUp" : key.text().isEmpty() ? "rawKeyDown" : "keyDown")
                .put("key", key.key())
                .put("code", key.code())
                .put("windowsVirtualKeyCode", key.keyCode())
                .put("nativeVirtualKeyCode", key.keyCode())
                .put("location", key.location())
                .put("isKeypad", key.location() == KEYPAD)
                .put("autoRepeat", key.repeat())
                .put("modifiers", key.modifiers());
        if (down && !key.text().isEmpty()) {
            params.put("text", key.text()).put("unmodifiedText", key.text());
        }
        return new InputEvents("dispatchKeyEvent", params);
    }

    private static InputEvents touch(Touch touch) {
        JsonArray points = new JsonArray();
        for (TouchPoint point : touch.points()) {
            points.add(new JsonObject().put("x", point.x()).put("y", point.y()).put("id", point.id()));
        }
        String action = touch.action().name();
        return new InputEvents(
                "dispatchTouchEvent",
                new JsonObject()
                        .put(
                                "type",
                                "touch" + action.charAt(0) + action.substring(1).toLowerCase(Locale.ROOT))
                        .put("touchPoints", points)
                        .put("modifiers", touch.modifiers()));
    }

    private static InputEvents text(String text) {
        return new InputEvents("insertText", new JsonObject().put("text", text));
    }
}
