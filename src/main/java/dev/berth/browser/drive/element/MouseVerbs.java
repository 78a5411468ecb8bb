package dev.berth.browser.drive.element;

import static dev.berth.browser.drive.element.ElementActs.DONE;

import dev.berth.browser.Deadline;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.drive.element.Elements.Need;
import dev.berth.browser.drive.element.Mouse.HeldButtons;
import dev.berth.browser.drive.element.Mouse.MouseStates;
import dev.berth.browser.drive.element.Mouse.Point;
import dev.berth.browser.drive.element.ScriptRunner.Element;
import dev.berth.protocol.ActionEntry.ActionElement;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ElementAction.Click;
import dev.berth.protocol.ElementAction.Drag;
import dev.berth.protocol.ElementAction.Hover;
import dev.berth.protocol.PageAction.UseMouse;
import dev.berth.protocol.Pointing;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.Pointing.Offset;
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
    private static final String NO_CLICK = "the element was pressed, but not clicked: the mouse was released on ";
    /** An element that is replaced whenever the mouse comes over it is pressed at last: what contains it may want the click. */
    private static final int MAX_AIMS = 3;
    /** Lists are sorted by what is passed. */
    private static final int STEPS = 20;
    /** Libraries for sorting look where the mouse is every 50 ms, and do not move an element that still moves. */
    private static final int HOLD_MILLIS = 200;

    private final ElementActs acts;
    private final MouseStates states;

    public MouseVerbs(ElementActs acts, MouseStates states) {
        this.acts = acts;
        this.states = states;
    }

    public Future<ElementResult> click(PageHands hands, Click command) {
        HeldButtons held = states.of(hands.page());
        return acts.onElement(
                hands, command.selector(), Need.CLICKABLE, command, command.timeout(), (page, commands, deadline) -> {
                    AtomicInteger aims = new AtomicInteger();
                    Mouse mouse = new Mouse(commands, held, command.modifiers());
                    return (script, element, point) -> {
                        Point at = at(script, element, point);
                        mouse.move(at);
                        boolean anyway = command.force() || aims.incrementAndGet() == MAX_AIMS;
                        ClickAim aim = ClickAim.at(script, element, point, anyway);
                        return aim.miss()
                                .map(why -> Map.of("why", why))
                                .orElseGet(() -> press(mouse, command, at, point, () -> aim.strayed(deadline)));
                    };
                });
    }

    private static Map<String, Object> press(
            Mouse mouse, Click command, Point at, Map<String, Object> point, Supplier<String> strayed) {
        // A double click is a click, and then another one with a click count of 2.
        for (int count = 1; count <= command.clickCount(); count++) {
            mouse.press(at, command.button(), count);
            mouse.release(at, command.button(), count);
        }
        String elsewhere = command.force() ? "" : strayed.get();
        return elsewhere.isEmpty()
                ? Map.of(ElementActs.GIVES_FILE, point.get(ElementActs.GIVES_FILE))
                : Map.of("note", NO_CLICK + elsewhere);
    }

    public Future<ElementResult> hover(PageHands hands, Hover command) {
        HeldButtons held = states.of(hands.page());
        return acts.onElement(
                hands,
                command.selector(),
                Need.POINTED,
                command,
                command.timeout(),
                (page, commands, deadline) -> (script, element, point) -> {
                    new Mouse(commands, held, command.modifiers()).move(at(script, element, point));
                    return DONE;
                });
    }

    public Future<ElementResult> drag(PageHands hands, Drag command) {
        HeldButtons held = states.of(hands.page());
        AtomicReference<Optional<ActionElement>> end = new AtomicReference<>(Optional.empty());
        return acts.onElement(
                        hands,
                        command.selector(),
                        Need.CLICKABLE,
                        command,
                        command.timeout(),
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
                            Mouse mouse = new Mouse(commands, held, command.modifiers());
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
            rest(mouse, end, command.hold().orElse(HOLD_MILLIS), deadline);
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

    /** The target's middle now: the dragged element may cover the target, and may make it move. */
    private static Point middle(String selector, Elements elements) {
        Pointing there = new Pointing.Given(Optional.empty(), List.of(), true);
        Map<String, Object> at = elements.actNow(selector, Need.POINTED, there, (script, element, point) -> {
            Point end = at(script, element, point);
            return Map.of("x", end.x(), "y", end.y());
        });
        return Point.of(at);
    }

    public Future<ElementResult> mouse(PageHands hands, UseMouse command) {
        return hands.onPage(page -> {
            Deadline deadline = new Deadline(command.timeout());
            AtomicBoolean acted = new AtomicBoolean();
            HeldButtons held = states.of(page);
            Future<Map<String, Object>> used = hands.call(
                    commands -> {
                        ElementActs.begins(acted, page);
                        return use(new Mouse(commands, held, command.modifiers()), command);
                    },
                    deadline);
            return ElementActs.orClosed(page, acted, used)
                    .compose(done -> acts.settled(page, done, deadline))
                    .onComplete(done -> ElementActs.ends(acted, page));
        });
    }

    private static Map<String, Object> use(Mouse mouse, UseMouse command) {
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
        return script.positions().projection(element, point).of(Point.of(point));
    }
}
