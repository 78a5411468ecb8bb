package dev.berth.browser.drive.element;

import static dev.berth.browser.drive.element.ElementActs.DONE;

import dev.berth.browser.Deadline;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.drive.element.Elements.Need;
import dev.berth.browser.drive.element.Mouse.HeldButtons;
import dev.berth.browser.drive.element.Mouse.Point;
import dev.berth.browser.drive.element.ScriptRunner.Element;
import dev.berth.protocol.ActionElement;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ElementAction.Click;
import dev.berth.protocol.ElementAction.Drag;
import dev.berth.protocol.ElementAction.Hover;
import dev.berth.protocol.MouseButton;
import dev.berth.protocol.Offset;
import dev.berth.protocol.PageAction.UseMouse;
import dev.berth.protocol.Pointing;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The verbs of the mouse on one page. Lives on the browser's context. */
public final class MouseVerbs {
    private static final String NO_CLICK = "it was pressed, but did not get the click: the mouse was released on ";
    /** An element that is replaced whenever the mouse comes over it is pressed at last: what contains it may want the click. */
    private static final int MAX_AIMS = 3;
    /** Lists are sorted by what is passed. */
    private static final int STEPS = 20;
    /** Libraries for sorting look where the mouse is every 50 ms, and do not move an element that still moves. */
    private static final int HOLD_MILLIS = 200;

    private final PageHands hands;
    private final ElementActs acts;
    private final HeldButtons held;

    public MouseVerbs(PageHands hands, ElementActs acts, HeldButtons held) {
        this.hands = hands;
        this.acts = acts;
        this.held = held;
    }

    public Future<ElementResult> click(Click command) {
        Pointing how = command.pointing();
        return acts.onElement(
                command.selector(), Need.CLICKABLE, how, command.timeoutMillis(), (page, commands, deadline) -> {
                    AtomicInteger aims = new AtomicInteger();
                    return (script, element, point) -> {
                        Point at = at(script, element, point);
                        new Mouse(commands, held, how.modifiers()).move(at);
                        boolean anyway = how.force() || aims.incrementAndGet() == MAX_AIMS;
                        ClickAim aim = ClickAim.at(script, element, point, anyway);
                        return aim.miss()
                                .map(why -> Map.of("why", why))
                                .orElseGet(() -> press(commands, command, at, point, () -> aim.strayed(deadline)));
                    };
                });
    }

    private Map<String, Object> press(
            PageCommands commands, Click command, Point at, Map<String, Object> point, Supplier<String> strayed) {
        Mouse mouse = new Mouse(commands, held, command.pointing().modifiers());
        // A double click is a click, and then another one with a click count of 2.
        for (int count = 1; count <= command.clickCount(); count++) {
            mouse.press(at, command.button(), count);
            mouse.release(at, command.button(), count);
        }
        String elsewhere = command.pointing().force() ? "" : strayed.get();
        return elsewhere.isEmpty()
                ? Map.of(ElementActs.GIVES_FILE, point.get(ElementActs.GIVES_FILE))
                : Map.of("note", NO_CLICK + elsewhere);
    }

    public Future<ElementResult> hover(Hover command) {
        return acts.onElement(
                command.selector(),
                Need.POINTED,
                command.pointing(),
                command.timeoutMillis(),
                (page, commands, deadline) -> (script, element, point) -> {
                    new Mouse(commands, held, command.pointing().modifiers()).move(at(script, element, point));
                    return DONE;
                });
    }

    public Future<ElementResult> drag(Drag command) {
        AtomicReference<Optional<ActionElement>> end = new AtomicReference<>(Optional.empty());
        return acts.onElement(
                        command.selector(),
                        Need.CLICKABLE,
                        command.pointing(),
                        command.timeoutMillis(),
                        (page, commands, deadline) -> (script, element, point) -> {
                            Point from = at(script, element, point);
                            Elements elements = acts.elements(page, commands, deadline);
                            // Pressed and released without a place to go, it would be clicked.
                            command.to()
                                    .ifPresent(to ->
                                            elements.actNow(to, Need.VISIBLE, Pointing.PLAIN, (on, there, at) -> {
                                                end.set(on.names().logged(there, at));
                                                return DONE;
                                            }));
                            Mouse mouse =
                                    new Mouse(commands, held, command.pointing().modifiers());
                            mouse.move(from);
                            mouse.press(from, MouseButton.LEFT, 1);
                            drop(mouse, from, command, elements, deadline);
                            return DONE;
                        })
                .map(result -> result.on(result.element(), end.get()));
    }

    /** The button is released whatever happens. */
    private static void drop(Mouse mouse, Point from, Drag command, Elements elements, Deadline deadline) {
        Point last = from;
        try {
            Point end = end(from, command, elements);
            int steps = command.steps().orElse(STEPS);
            for (int step = 1; step <= steps; step++) {
                last = from.towards(end, (double) step / steps);
                mouse.move(last);
            }
            rest(mouse, end, command.holdMillis().orElse(HOLD_MILLIS), deadline);
            // The first move over an element only enters it: HTML's drag and drop takes the place from the next one.
            mouse.move(end);
        } finally {
            mouse.release(last, MouseButton.LEFT, 1);
        }
    }

    /** With moves of a pixel: a list sorts itself only when the mouse moves, and not while its elements still move to their places. */
    private static void rest(Mouse mouse, Point at, int millis, Deadline deadline) {
        try {
            Point beside = at.plus(new Offset(1, 1));
            for (int passed = 0; passed < millis; passed += Deadline.PAUSE_MILLIS) {
                mouse.move(passed / Deadline.PAUSE_MILLIS % 2 == 0 ? beside : at);
                deadline.pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    private static Point end(Point from, Drag command, Elements elements) {
        Point place = command.to().map(to -> middle(to, elements)).orElse(from);
        return command.by().map(place::plus).orElse(place);
    }

    /** It may be covered by what is dragged, and may move because of it. */
    private static Point middle(String selector, Elements elements) {
        Pointing there = new Pointing(Optional.empty(), List.of(), true);
        Map<String, Object> at = elements.actNow(selector, Need.POINTED, there, (script, element, point) -> {
            Point end = at(script, element, point);
            return Map.of("x", end.x(), "y", end.y());
        });
        return Point.of(at);
    }

    public Future<ElementResult> mouse(UseMouse command) {
        return hands.onPage(page -> {
            Deadline deadline = new Deadline(command.timeoutMillis());
            AtomicBoolean acted = new AtomicBoolean();
            Future<Map<String, Object>> used = hands.call(
                    commands -> {
                        ElementActs.begins(acted, page);
                        return use(commands, command);
                    },
                    deadline);
            return ElementActs.orClosed(page, acted, used)
                    .compose(done -> acts.settled(page, done, deadline))
                    .onComplete(done -> ElementActs.ends(acted, page));
        });
    }

    private Map<String, Object> use(PageCommands commands, UseMouse command) {
        Mouse mouse = new Mouse(commands, held, command.modifiers());
        Point at = new Point(command.x(), command.y());
        switch (command.action()) {
            case MOVE -> mouse.move(at);
            case DOWN -> mouse.press(at, command.button(), command.clickCount());
            case UP -> mouse.release(at, command.button(), command.clickCount());
            case WHEEL ->
                mouse.turn(at, command.deltaX().orElse(0.0), command.deltaY().orElse(0.0));
            case CLICK -> {
                mouse.move(at);
                for (int count = 1; count <= command.clickCount(); count++) {
                    mouse.press(at, command.button(), count);
                    mouse.release(at, command.button(), count);
                }
            }
        }
        return DONE;
    }

    private static Point at(ScriptRunner script, Element element, Map<String, Object> point) {
        return script.sight().projection(element, point).of(Point.of(point));
    }
}
