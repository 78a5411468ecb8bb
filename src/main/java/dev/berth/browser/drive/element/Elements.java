package dev.berth.browser.drive.element;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import dev.berth.browser.drive.element.ScriptRunner.Element;
import dev.berth.browser.drive.element.Targets.Found;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.Pointing;
import dev.berth.protocol.VerbChoices.ElementState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/** Finds elements, and waits until they can be acted on. Used on the lane's thread; each call blocks. */
final class Elements {
    private final Targets targets;
    private final Function<String, Optional<Found>> refs;
    private final Deadline deadline;

    /** @param refs the element of a selector that is a snapshot's ref; throws for a ref of an earlier document */
    Elements(Targets targets, Function<String, Optional<Found>> refs, Deadline deadline) {
        this.targets = targets;
        this.refs = refs;
        this.deadline = deadline;
    }

    /** The conditions that an element must meet before it is acted on. */
    enum Need {
        ATTACHED,
        VISIBLE,
        /** Visible, and not moving. */
        AT_REST("still"),
        /** Visible, and not disabled. */
        ENABLED("enabled"),
        /** Enabled, and not read-only. */
        WRITABLE("enabled", "writable"),
        /** Can take the focus; need not be visible. */
        FOCUSED("focused", "enabled"),
        /** Can take the focus, and is not read-only. */
        TYPED_INTO("focused", "enabled", "writable"),
        /** Gets mouse events at one of its points. */
        POINTED("still", "pointed"),
        /** Gets mouse events, and is not disabled. */
        CLICKABLE("enabled", "still", "pointed");

        private final List<String> conditions;

        Need(String... conditions) {
            this.conditions = List.of(conditions);
        }

        private Map<String, Object> asArguments(int tries, Pointing pointing) {
            Map<String, Object> arguments = new HashMap<>();
            conditions.forEach(condition -> arguments.put(condition, true));
            arguments.put("attached", this == ATTACHED);
            arguments.put("tries", tries);
            arguments.put("force", pointing.force());
            pointing.position().ifPresent(at -> arguments.put("position", Map.of("x", at.x(), "y", at.y())));
            return arguments;
        }
    }

    /** Acts on an element that is ready; returns the result, or the reason as {@code why} if it must be tried again. */
    @FunctionalInterface
    interface Act {
        Map<String, Object> on(ScriptRunner script, Element element, Map<String, Object> ready);
    }

    /** Acts on the element once it is ready. At the deadline, fails with the reason why it is not. */
    Map<String, Object> act(String selector, Need need, Act act) throws InterruptedException {
        return act(selector, need, Pointing.PLAIN, act);
    }

    /** The same where the thread's interruption ends the verb anyway. */
    Map<String, Object> actNow(String selector, Need need, Pointing pointing, Act act) {
        try {
            return act(selector, need, pointing, act);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    /** @param pointing where the mouse is to be */
    Map<String, Object> act(String selector, Need need, Pointing pointing, Act act) throws InterruptedException {
        Optional<String> refused = Optional.empty();
        for (int tries = 0; ; tries++) {
            Tried tried = attempt(selector, need.asArguments(tries, pointing), act, refused);
            Object why = tried.result().get("why");
            if (why == null) {
                return tried.result();
            }
            refused = tried.byAct() ? Optional.of(why.toString()) : refused;
            deadline.onLate(() -> late(selector, why.toString()));
            deadline.pause();
        }
    }

    /** @param byAct whether the element was ready, so that the result is the act's */
    private record Tried(Map<String, Object> result, boolean byAct) {}

    private BerthException late(String selector, String why) {
        return Failures.failed(
                "'" + selector + "' " + why + " (waited " + deadline.millis() + " ms)", Unready.hint(why));
    }

    /** @param refused why the act could not be done when it was tried before: then it has not been done when the time is over */
    private Tried attempt(String selector, Map<String, Object> need, Act act, Optional<String> refused) {
        try {
            Optional<Found> found = find(selector);
            if (found.isEmpty()) {
                return new Tried(Map.of("why", "was not found"), false);
            }
            ScriptRunner script = found.get().script();
            Element element = found.get().element();
            Map<String, Object> ready = script.positions().ready(element, need);
            if (ready.containsKey("why")) {
                return new Tried(ready, false);
            }
            deadline.onLate(() -> refused.map(why -> late(selector, why))
                    .orElseGet(() -> Failures.timeout("the action on '" + selector + "'", deadline.millis())));
            return new Tried(act.on(script, element, ready), true);
        } catch (ChromeRefusal e) {
            // The document was replaced meanwhile: try again in the new one.
            return new Tried(Map.of("why", "could not be reached: its document went away"), false);
        }
    }

    private Optional<Found> find(String selector) {
        // Releases the objects of the previous try. Not at its end: a page that navigates would answer only after that.
        targets.release();
        return refs.apply(selector).or(() -> targets.find(selector));
    }

    /** All names of the element of the first selector that is a ref, or stands for one visible element only. Waits for one. */
    List<String> name(List<String> selectors) throws InterruptedException {
        deadline.onLate(() -> Failures.failed(
                "none of " + selectors + " matches exactly one visible element (waited " + deadline.millis() + " ms)"));
        while (true) {
            for (String selector : selectors) {
                List<String> names = namesOf(selector);
                if (!names.isEmpty()) {
                    return names;
                }
            }
            deadline.pause();
        }
    }

    private List<String> namesOf(String selector) {
        try {
            targets.release();
            Optional<Found> referred = refs.apply(selector);
            return referred.or(() -> targets.find(selector).filter(Elements::isVisible))
                    .map(targets::names)
                    .filter(names -> referred.isPresent() || names.contains(selector))
                    .orElse(List.of());
        } catch (ChromeRefusal e) {
            // The document was replaced meanwhile.
            return List.of();
        }
    }

    private static boolean isVisible(Found found) {
        return Boolean.TRUE.equals(found.script().on(found.element(), "visible"));
    }

    /** Waits until an element has the given state. */
    void await(String selector, ElementState state) throws InterruptedException {
        deadline.onLate(() -> new BerthException(
                ErrorCode.TIMEOUT,
                "'" + selector + "' was not " + state.wireName() + " within " + deadline.millis() + " ms"));
        while (!is(selector, state)) {
            deadline.pause();
        }
    }

    private boolean is(String selector, ElementState state) {
        try {
            Optional<Found> found = find(selector);
            boolean visible = found.filter(Elements::isVisible).isPresent();
            return switch (state) {
                case ATTACHED -> found.isPresent();
                case DETACHED -> found.isEmpty();
                case VISIBLE -> visible;
                case HIDDEN -> !visible;
            };
        } catch (ChromeRefusal e) {
            return false;
        }
    }

    /** Hints for elements that are not ready, by the beginning of the reason that page.js gives. */
    static final class Unready {
        private static final Map<String, String> HINTS = Map.of(
                "was not found", "POST …/snapshot shows what is on the page, with refs that are selectors",
                "has left the document", "the page replaced it: give a selector that matches the new one too",
                "is not visible", "make it visible first, or give a selector that matches a visible one",
                "is disabled", "enable it first, for example by filling in what it depends on",
                "is read-only", "use the control of the page that sets it",
                "was replaced", "give the selector of its container",
                "is moving", "its animation does not end: give a larger timeout, or click its container",
                "is covered by", "remove the cover first, for example by closing a dialog or a banner",
                "is outside of", "scroll its container, or give a larger viewport",
                "has no option", "give the value or the label of one of its options");

        private Unready() {}

        static String hint(String why) {
            return HINTS.entrySet().stream()
                    .filter(entry -> why.startsWith(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("POST …/screenshot shows the page");
        }
    }
}
