package dev.berth.browser;

import static dev.berth.browser.ElementActs.DONE;

import dev.berth.browser.Elements.Need;
import dev.berth.browser.Keyboard.Combination;
import dev.berth.protocol.SessionCommand.Fill;
import dev.berth.protocol.SessionCommand.Press;
import dev.berth.protocol.SessionCommand.Type;
import dev.berth.protocol.SessionReply.ElementResult;
import io.vertx.core.Future;
import io.webfolder.cdp.session.Session;
import java.util.Map;

/** What is done with a keyboard: to an element, or to what has the focus. */
final class KeyVerbs {
    private final Hands hands;
    private final ElementActs acts;

    KeyVerbs(Hands hands, ElementActs acts) {
        this.hands = hands;
        this.acts = acts;
    }

    Future<ElementResult> type(Type command) {
        return command.selector()
                .map(selector -> acts.onElement(
                        selector,
                        Need.TYPED_INTO,
                        command.timeoutMillis(),
                        (session, deadline) -> (world, element, ready) -> {
                            Map<String, Object> focused = world.map(element, "focus");
                            new Keyboard(session).type(command.text(), deadline);
                            return focused;
                        }))
                .orElseGet(() -> onFocused(command.timeoutMillis(), (session, deadline) -> {
                    Map<String, Object> focused = focused(session, true);
                    new Keyboard(session).type(command.text(), deadline);
                    return focused;
                }));
    }

    Future<ElementResult> fill(Fill command) {
        return acts.onElement(
                command.selector(),
                Need.WRITABLE,
                command.timeoutMillis(),
                (session, deadline) -> (world, element, ready) -> {
                    Map<String, Object> filled = world.map(element, "fill", command.value());
                    if (filled.containsKey("insert")) {
                        new Keyboard(session).replaceSelection(command.value());
                    }
                    return filled;
                });
    }

    /** A field that is read-only may do something with keys, such as Enter, but takes no characters. */
    Future<ElementResult> press(Press command) {
        Combination keys = Combination.parse(command.key());
        return command.selector()
                .map(selector -> acts.onElement(
                        selector,
                        keys.writes() ? Need.TYPED_INTO : Need.FOCUSED,
                        command.timeoutMillis(),
                        (session, deadline) -> (world, element, ready) -> {
                            world.on(element, "focus");
                            new Keyboard(session).press(keys);
                            return DONE;
                        }))
                .orElseGet(() -> onFocused(command.timeoutMillis(), (session, deadline) -> {
                    focused(session, keys.writes());
                    new Keyboard(session).press(keys);
                    return DONE;
                }));
    }

    /** What has the focus, or the page itself. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> focused(Session session, boolean written) {
        Map<String, Object> focused = (Map<String, Object>) new PageWorld(session).evaluate("focused");
        if (written && Boolean.TRUE.equals(focused.get("readOnly"))) {
            throw Failures.failed("what has the focus is read-only", Unready.hint("is read-only"));
        }
        return focused;
    }

    /** Done with a page's keyboard. */
    @FunctionalInterface
    private interface Keys {
        Map<String, Object> with(Session session, Deadline deadline);
    }

    private Future<ElementResult> onFocused(long timeoutMillis, Keys keys) {
        return hands.onActivePage(page -> {
            Deadline deadline = new Deadline(timeoutMillis);
            return hands.call(page, session -> keys.with(session, deadline), deadline)
                    .compose(result -> acts.settled(page, result, deadline));
        });
    }
}
