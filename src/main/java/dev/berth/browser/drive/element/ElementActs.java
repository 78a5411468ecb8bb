package dev.berth.browser.drive.element;

import dev.berth.browser.Deadline;
import dev.berth.browser.drive.command.Hands;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.drive.element.Elements.Act;
import dev.berth.browser.drive.element.Elements.Need;
import dev.berth.browser.watch.PageTarget;
import dev.berth.browser.watch.Pages;
import dev.berth.protocol.ActionReply.ElementResult;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/** Acts on the active page's elements when they are ready, and waits for what that led to. */
public final class ElementActs {
    static final Map<String, Object> DONE = Map.of();
    private static final long CLOSING_MILLIS = 200;

    private final Hands hands;
    private final Pages pages;
    private final BiFunction<PageTarget, String, Optional<Integer>> refs;

    /** @param refs gives the node of a selector that is a ref of the latest snapshot */
    public ElementActs(Hands hands, Pages pages, BiFunction<PageTarget, String, Optional<Integer>> refs) {
        this.hands = hands;
        this.pages = pages;
        this.refs = refs;
    }

    /** Makes the act, on the lane. */
    @FunctionalInterface
    interface Maker {
        Act with(PageCommands commands, Deadline deadline);
    }

    Future<ElementResult> onElement(String selector, Need need, long timeoutMillis, Maker maker) {
        return hands.onActivePage(page -> {
            Deadline deadline = new Deadline(timeoutMillis);
            AtomicBoolean acted = new AtomicBoolean();
            Future<Map<String, Object>> act = hands.call(
                    page,
                    commands -> elements(page, commands, deadline)
                            .act(selector, need, noting(acted, maker.with(commands, deadline))),
                    deadline);
            return orClosed(page, acted, act).compose(result -> settled(page, result, deadline));
        });
    }

    /** A click or a key may close its page, and then is not answered, but done. The eyes may hear of the closing last. */
    static Future<Map<String, Object>> orClosed(PageTarget page, AtomicBoolean acted, Future<Map<String, Object>> act) {
        return act.recover(e -> acted.get() ? closing(page, e) : Future.failedFuture(e));
    }

    private static Future<Map<String, Object>> closing(PageTarget page, Throwable e) {
        return page.await(p -> p.closed() || p.crashed(), new Deadline(CLOSING_MILLIS))
                .transform(heard -> page.closed() ? Future.succeededFuture(DONE) : Future.failedFuture(e));
    }

    private static Act noting(AtomicBoolean acted, Act act) {
        return (world, element, ready) -> {
            acted.set(true);
            return act.on(world, element, ready);
        };
    }

    Elements elements(PageTarget page, PageCommands commands, Deadline deadline) {
        return new Elements(commands, selector -> refs.apply(page, selector), deadline);
    }

    /** Where it led to another document, that one is waited for: what is asked next is meant for it. */
    Future<ElementResult> settled(PageTarget page, Map<String, Object> result, Deadline deadline) {
        boolean secret = Boolean.TRUE.equals(result.get("secret"));
        Optional<String> note = Optional.ofNullable((String) result.get("note")).filter(text -> !text.isEmpty());
        // One that was closed on its way elsewhere never gets there.
        Future<Void> there = page.closed() ? Future.succeededFuture() : pages.settle(page, deadline);
        return there.map(settled -> new ElementResult(page.url(), secret, note));
    }
}
