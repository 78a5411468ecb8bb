package dev.berth.browser.drive.element;

import dev.berth.browser.Pointer;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.protocol.Pointing.Modifier;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.Pointing.Offset;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Moves and clicks the mouse. Used on the lane's thread; each call blocks until the page has handled the event. Sends raw commands, as
 * cdp4j 3.0.15 can't tell which buttons are held.
 */
public final class Mouse {
    private final PageCommands commands;
    private final HeldButtons held;
    private final int modifiers;

    /** @param modifiers keys that are held */
    Mouse(PageCommands commands, HeldButtons held, List<Modifier> modifiers) {
        this.commands = commands;
        this.held = held;
        this.modifiers = Modifier.sum(modifiers);
    }

    /** A point, in CSS pixels from the top left of the viewport. */
    record Point(double x, double y) {
        /** A point that the script tells. */
        static Point of(Map<String, Object> point) {
            return new Point(Projection.number(point, "x"), Projection.number(point, "y"));
        }

        Point plus(Offset by) {
            return new Point(x + by.x(), y + by.y());
        }

        /** The point at this part of the way to another. */
        Point towards(Point end, double part) {
            return new Point(x + (end.x - x) * part, y + (end.y - y) * part);
        }
    }

    void move(Point to) {
        send(to, event("mouseMoved", to).put("button", held.name()));
    }

    /** @param count 2 for the second click of a double click */
    void press(Point at, MouseButton button, int count) {
        held.press(button);
        send(at, event("mousePressed", at).put("button", button.wireName()).put("clickCount", count));
    }

    void release(Point at, MouseButton button, int count) {
        held.release(button);
        send(at, event("mouseReleased", at).put("button", button.wireName()).put("clickCount", count));
    }

    void turn(Point at, double right, double down) {
        send(at, event("mouseWheel", at).put("deltaX", right).put("deltaY", down));
    }

    private JsonObject event(String type, Point at) {
        return new JsonObject()
                .put("type", type)
                .put("x", at.x())
                .put("y", at.y())
                .put("modifiers", modifiers)
                .put("buttons", held.sum());
    }

    private void send(Point at, JsonObject event) {
        held.tell(at);
        commands.send("Input.dispatchMouseEvent", event);
    }

    /** The buttons that are held on a page. Any thread may call. */
    public static final class HeldButtons {
        private final String pageId;
        private final Pointer pointer;
        private int sum;

        HeldButtons(String pageId, Pointer pointer) {
            this.pageId = pageId;
            this.pointer = pointer;
        }

        private void tell(Point at) {
            pointer.tell(new Pointer.Moved(pageId, at.x(), at.y(), sum() != 0));
        }

        private synchronized void press(MouseButton button) {
            sum |= bit(button);
        }

        private synchronized void release(MouseButton button) {
            sum &= ~bit(button);
        }

        private synchronized int sum() {
            return sum;
        }

        /** The first of them, as CDP names it. */
        private synchronized String name() {
            for (MouseButton button : MouseButton.values()) {
                if ((sum & bit(button)) != 0) {
                    return button.name().toLowerCase(Locale.ROOT);
                }
            }
            return "none";
        }

        /** The button's bit in {@code MouseEvent.buttons}. */
        private static int bit(MouseButton button) {
            return switch (button) {
                case LEFT -> 1;
                case RIGHT -> 2;
                case MIDDLE -> 4;
            };
        }
    }

    /** The mouse buttons that are held on each page, from one verb to the next. Lives on the browser's context. */
    public static final class MouseStates {
        private final Map<PageTarget, HeldButtons> held = new WeakHashMap<>();

        private final Pointer pointer;

        /** @param pointer is told of each move */
        public MouseStates(Pointer pointer) {
            this.pointer = pointer;
        }

        public HeldButtons of(PageTarget page) {
            return held.computeIfAbsent(page, none -> new HeldButtons(page.targetId(), pointer));
        }
    }
}
