package dev.berth.browser.drive.element;

import dev.berth.browser.BrowserDriver.StartedDownload;
import dev.berth.browser.Deadline;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.drive.element.Elements.Act;
import dev.berth.browser.drive.element.Elements.Need;
import dev.berth.browser.drive.element.Mouse.Point;
import dev.berth.browser.drive.element.ScriptRunner.Element;
import dev.berth.browser.drive.element.Targets.HeldFrame;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.protocol.ActionEntry.ActionElement;
import dev.berth.protocol.ActionEntry.ActionPoint;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.Pointing;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Acts on elements of one page when they are ready, and waits for a navigation that follows. Lives on the browser's
 * context.
 */
public final class ElementActs {
    static final Map<String, Object> DONE = Map.of();
    /** The field of a result that says whether a download follows, which no event of the page announces. */
    static final String GIVES_FILE = "gives";

    private static final long CLOSING_MILLIS = 200;
    private static final long DOWNLOAD_MILLIS = 1_000;

    private final Pages pages;
    private final Refs refs;

    public ElementActs(Pages pages, Refs refs) {
        this.pages = pages;
        this.refs = refs;
    }

    /** Creates the act, on the lane's thread. */
    @FunctionalInterface
    interface Maker {
        Act with(PageTarget page, PageCommands commands, Deadline deadline);
    }

    Future<ElementResult> onElement(PageHands hands, String selector, Need need, long timeoutMillis, Maker maker) {
        return onElement(hands, selector, need, Pointing.PLAIN, timeoutMillis, maker);
    }

    /** @param pointing where the mouse is to be */
    Future<ElementResult> onElement(
            PageHands hands, String selector, Need need, Pointing pointing, long timeoutMillis, Maker maker) {
        return hands.onPage(page -> {
            Deadline deadline = new Deadline(timeoutMillis);
            AtomicBoolean acted = new AtomicBoolean();
            MetElement met = new MetElement(acted, page);
            Optional<StartedDownload> before = page.effects().latestFile();
            Future<Map<String, Object>> act = hands.call(
                    commands -> elements(page, commands, deadline)
                            .act(selector, need, pointing, noting(met, maker.with(page, commands, deadline))),
                    deadline);
            return orClosed(page, acted, act)
                    .compose(result -> begun(page, before, result))
                    .compose(result -> settled(page, result, deadline))
                    .map(met::of)
                    .onComplete(done -> ends(acted, page));
        });
    }

    private static Future<Map<String, Object>> begun(
            PageTarget page, Optional<StartedDownload> before, Map<String, Object> result) {
        return Boolean.TRUE.equals(result.get(GIVES_FILE))
                ? page.await(p -> !p.effects().latestFile().equals(before), new Deadline(DOWNLOAD_MILLIS))
                        .transform(begun -> Future.succeededFuture(result))
                : Future.succeededFuture(result);
    }

    /** A click or key that closes its page has succeeded, although it gets no answer. The event of the closing may come last. */
    static Future<Map<String, Object>> orClosed(PageTarget page, AtomicBoolean acted, Future<Map<String, Object>> act) {
        return act.recover(e -> acted.get() ? closing(page, e) : Future.failedFuture(e));
    }

    private static Future<Map<String, Object>> closing(PageTarget page, Throwable e) {
        return page.await(p -> p.closed() || p.crashed(), new Deadline(CLOSING_MILLIS))
                .transform(heard -> page.closed() ? Future.succeededFuture(DONE) : Future.failedFuture(e));
    }

    private static Act noting(MetElement met, Act act) {
        return (script, element, ready) -> {
            begins(met.acted, met.page);
            met.at(script, element, ready);
            return act.on(script, element, ready);
        };
    }

    Elements elements(PageTarget page, PageCommands commands, Deadline deadline) {
        Targets targets = new Targets(commands, deadline, () -> commands.ask(() -> HeldFrame.of(pages, page)));
        return new Elements(
                targets,
                selector -> refs.find(page, selector).map(node -> targets.resolve(node, page.targetId())),
                deadline);
    }

    /** If the act led to another document, waits for it: the next command is meant for that document. */
    Future<ElementResult> settled(PageTarget page, Map<String, Object> result, Deadline deadline) {
        boolean secret = Boolean.TRUE.equals(result.get("secret"));
        Optional<String> note = Optional.ofNullable((String) result.get("note")).filter(text -> !text.isEmpty());
        // A closed page never arrives.
        Future<Void> there = page.closed() ? Future.succeededFuture() : pages.settle(page, deadline);
        return there.map(settled -> new ElementResult(page.url(), secret, note));
    }

    /** Begins a verb: from now on, until it {@link #ends}, input that the page receives may be the verb's. */
    static void begins(AtomicBoolean acted, PageTarget page) {
        if (!acted.getAndSet(true)) {
            page.verbBegins();
        }
    }

    static void ends(AtomicBoolean acted, PageTarget page) {
        if (acted.get()) {
            page.verbEnds();
        }
    }

    /** The point and the element that an act met. Written on the lane's thread before the act is answered, read after that. */
    private static final class MetElement {
        private final AtomicBoolean acted;
        private final PageTarget page;
        private final AtomicReference<Optional<ActionPoint>> point = new AtomicReference<>(Optional.empty());
        private final AtomicReference<Optional<ActionElement>> element = new AtomicReference<>(Optional.empty());

        MetElement(AtomicBoolean acted, PageTarget page) {
            this.acted = acted;
            this.page = page;
        }

        void at(ScriptRunner script, Element found, Map<String, Object> ready) {
            point.set(ActionPoints.of(script, found, ready));
            element.set(script.names().logged(found, ready));
        }

        ElementResult of(ElementResult result) {
            return result.at(point.get()).on(element.get(), Optional.empty());
        }
    }

    /**
     * The points at which acts met their elements, for the log. The script tells them when an element is ready, so that the log costs no
     * request.
     */
    private static final class ActionPoints {
        private ActionPoints() {}

        /** Empty where that is not known: an element in an iframe that the mouse is not brought to would have to be looked for. */
        static Optional<ActionPoint> of(ScriptRunner script, Element element, Map<String, Object> ready) {
            boolean ofPage = element.mainFrame() && script.positions().holder().isEmpty();
            if (ready.containsKey("x")) {
                Point at = script.positions().projection(element, ready).of(Point.of(ready));
                return Optional.of(at(at.x(), at.y(), ofPage ? object(ready, "viewport") : Map.of()));
            }
            Map<?, ?> middle = object(ready, "at");
            return ofPage && middle.containsKey("x")
                    ? Optional.of(at(number(middle, "x"), number(middle, "y"), object(ready, "viewport")))
                    : Optional.empty();
        }

        private static ActionPoint at(double x, double y, Map<?, ?> viewport) {
            return new ActionPoint(x, y, (int) number(viewport, "width"), (int) number(viewport, "height"));
        }

        private static Map<?, ?> object(Map<String, Object> of, String name) {
            return of.get(name) instanceof Map<?, ?> object ? object : Map.of();
        }

        private static double number(Map<?, ?> of, String name) {
            return of.get(name) instanceof Number number ? number.doubleValue() : 0;
        }
    }
}
