package dev.berth.browser.drive.element;

import static dev.berth.browser.drive.element.ElementActs.DONE;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.drive.element.Elements.Need;
import dev.berth.browser.drive.element.Elements.Unready;
import dev.berth.browser.drive.element.Keyboard.Combination;
import dev.berth.browser.drive.element.Keyboard.Typing;
import dev.berth.protocol.ActionEntry.ActionElement;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ElementAction.Fill;
import dev.berth.protocol.ElementAction.Press;
import dev.berth.protocol.ElementAction.Type;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** The verbs of the keyboard, on an element or on what has the focus. Lives on the browser's context. */
public final class KeyVerbs {
    private final ElementActs acts;

    public KeyVerbs(ElementActs acts) {
        this.acts = acts;
    }

    public Future<ElementResult> type(PageHands hands, Type command) {
        Typing typing = new Typing(command.text());
        return type(hands, command, typing).map(typing::wholly);
    }

    private Future<ElementResult> type(PageHands hands, Type command, Typing typing) {
        return command.selector()
                .map(selector -> acts.onElement(
                        hands,
                        selector,
                        Need.TYPED_INTO,
                        command.timeout(),
                        (page, commands, deadline) -> (script, element, ready) -> {
                            Map<String, Object> focused = script.map(element, "focus");
                            new Keyboard(commands).type(typing, deadline);
                            return focused;
                        }))
                .orElseGet(() -> onFocused(hands, command.timeout(), true, (commands, deadline, focused) -> {
                    new Keyboard(commands).type(typing, deadline);
                    return focused;
                }));
    }

    public Future<ElementResult> fill(PageHands hands, Fill command) {
        return acts.onElement(
                hands,
                command.selector(),
                Need.WRITABLE,
                command.timeout(),
                (page, commands, deadline) -> (script, element, ready) -> {
                    Map<String, Object> filled = script.map(element, "fill", command.value());
                    if (filled.containsKey("insert")) {
                        new Keyboard(commands).replaceSelection(command.value());
                    }
                    return filled;
                });
    }

    /** A read-only field may react to keys such as Enter, but takes no characters. */
    public Future<ElementResult> press(PageHands hands, Press command) {
        Combination keys = Combination.parse(command.key());
        return command.selector()
                .map(selector -> acts.onElement(
                        hands,
                        selector,
                        keys.writes() ? Need.TYPED_INTO : Need.FOCUSED,
                        command.timeout(),
                        (page, commands, deadline) -> (script, element, ready) -> {
                            script.on(element, "focus");
                            new Keyboard(commands).press(keys);
                            return DONE;
                        }))
                .orElseGet(() -> onFocused(hands, command.timeout(), keys.writes(), (commands, deadline, focused) -> {
                    new Keyboard(commands).press(keys);
                    return DONE;
                }));
    }

    /** The element that has the focus, or the page itself. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> focused(PageCommands commands, boolean written) {
        Map<String, Object> focused = (Map<String, Object>) new ScriptRunner(commands).evaluate("focused");
        if (written && Boolean.TRUE.equals(focused.get("readOnly"))) {
            throw Failures.failed("the focused element is read-only", Unready.hint("is read-only"));
        }
        return focused;
    }

    /** Sends keys to what has the focus. */
    @FunctionalInterface
    private interface Keys {
        Map<String, Object> with(PageCommands commands, Deadline deadline, Map<String, Object> focused);
    }

    private Future<ElementResult> onFocused(PageHands hands, long timeoutMillis, boolean written, Keys keys) {
        return hands.onPage(page -> {
            Deadline deadline = new Deadline(timeoutMillis);
            AtomicBoolean acted = new AtomicBoolean();
            AtomicReference<Optional<ActionElement>> element = new AtomicReference<>(Optional.empty());
            Future<Map<String, Object>> act = hands.call(
                    commands -> {
                        Map<String, Object> focused = focused(commands, written);
                        element.set(
                                focused.get("element") instanceof Map<?, ?> told
                                        ? Optional.of(ActionElement.of(told))
                                        : Optional.empty());
                        ElementActs.begins(acted, page);
                        return keys.with(commands, deadline, focused);
                    },
                    deadline);
            return ElementActs.orClosed(page, acted, act)
                    .compose(result -> acts.settled(page, result, deadline))
                    .map(result -> result.on(element.get(), Optional.empty()))
                    .onComplete(done -> ElementActs.ends(acted, page));
        });
    }
}
