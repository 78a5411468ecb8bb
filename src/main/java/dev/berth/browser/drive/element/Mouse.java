package dev.berth.browser.drive.element;

import dev.berth.browser.drive.command.PageCommands;
import dev.berth.protocol.MouseButton;
import io.webfolder.cdp.command.Input;
import io.webfolder.cdp.type.constant.MouseButtonType;
import io.webfolder.cdp.type.constant.MouseEventType;

/** Moves and clicks the mouse. Used on the lane's thread; each call blocks until the page has handled the event. */
final class Mouse {
    private final Input input;

    Mouse(PageCommands commands) {
        this.input = commands.input();
    }

    /** In CSS pixels from the top left of the viewport. */
    record Point(double x, double y) {}

    void move(Point to) {
        send(MouseEventType.MouseMoved, to, MouseButtonType.None, 0);
    }

    /** @param count 2 for the second click of a double click */
    void press(Point at, MouseButton button, int count) {
        send(MouseEventType.MousePressed, at, type(button), count);
    }

    void release(Point at, MouseButton button, int count) {
        send(MouseEventType.MouseReleased, at, type(button), count);
    }

    private static MouseButtonType type(MouseButton button) {
        return switch (button) {
            case LEFT -> MouseButtonType.Left;
            case MIDDLE -> MouseButtonType.Middle;
            case RIGHT -> MouseButtonType.Right;
        };
    }

    private void send(MouseEventType type, Point at, MouseButtonType button, int clickCount) {
        input.dispatchMouseEvent(type, at.x(), at.y(), 0, null, button, clickCount, null, null);
    }
}
