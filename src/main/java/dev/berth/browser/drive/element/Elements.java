package dev.berth.browser.drive.element;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.ChromeRefusal;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.drive.element.PageWorld.Element;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ElementState;
import dev.berth.protocol.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Finds elements, and waits until they can be acted on. On the lane's thread: each call blocks. */
final class Elements {
    private final PageWorld world;
    private final Function<String, Optional<Integer>> refs;
    private final Deadline deadline;

    /** @param refs the node of a selector that is a snapshot's ref; throws for a ref of an earlier document */
    Elements(PageCommands commands, Function<String, Optional<Integer>> refs, Deadline deadline) {
        this.world = new PageWorld(commands);
        this.refs = refs;
        this.deadline = deadline;
    }

    /** How far an element must be before it is acted on. */
    enum Need {
        ATTACHED,
        VISIBLE,
        /** Visible, and in one place. */
        AT_REST("still"),
        /** Visible, and willing to be changed. */
        ENABLED("enabled"),
        /** The same, and what it holds may be replaced. */
        WRITABLE("enabled", "writable"),
        /** It may get the keys: that it can be seen is not asked. */
        FOCUSED("focused", "enabled"),
        /** The same, and it takes what is typed. */
        TYPED_INTO("focused", "enabled", "writable"),
        /** It gets the mouse at one of its points. */
        POINTED("still", "pointed"),
        /** It gets the mouse, and does something with it. */
        CLICKABLE("enabled", "still", "pointed");

        private final List<String> conditions;

        Need(String... conditions) {
            this.conditions = List.of(conditions);
        }

        private Map<String, Object> asArguments(int tries) {
            Map<String, Object> arguments = new HashMap<>();
            conditions.forEach(condition -> arguments.put(condition, true));
            arguments.put("attached", this == ATTACHED);
            arguments.put("tries", tries);
            return arguments;
        }
    }

    /** Does something to an element that is ready: what it gives, with {@code why} where it is to be tried again. */
    @FunctionalInterface
    interface Act {
        Map<String, Object> on(PageWorld world, Element element, Map<String, Object> ready);
    }

    /** Does it, once the element is ready. Fails with what it was not where the time is up. */
    Map<String, Object> act(String selector, Need need, Act act) throws InterruptedException {
        for (int tries = 0; ; tries++) {
            Map<String, Object> result = attempt(selector, need.asArguments(tries), act);
            Object why = result.get("why");
            if (why == null) {
                return result;
            }
            deadline.onLate(() -> late(selector, why.toString()));
            deadline.pause();
        }
    }

    private BerthException late(String selector, String why) {
        return Failures.failed(
                "'" + selector + "' " + why + " (waited " + deadline.millis() + " ms)", Unready.hint(why));
    }

    private Map<String, Object> attempt(String selector, Map<String, Object> need, Act act) {
        try {
            Optional<Element> found = find(selector);
            if (found.isEmpty()) {
                return Map.of("why", "was not found");
            }
            Map<String, Object> ready = world.map(found.get(), "ready", need);
            if (ready.containsKey("why")) {
                return ready;
            }
            deadline.onLate(() -> Failures.timeout("what '" + selector + "' does then", deadline.millis()));
            return act.on(world, found.get(), ready);
        } catch (ChromeRefusal e) {
            // The document went away under it: another one is coming.
            return Map.of("why", "could not be reached: its document went away");
        }
    }

    private Optional<Element> find(String selector) {
        // Of the time before. Not when it is done with: a page on its way elsewhere would answer when it is there.
        world.release();
        return refs.apply(selector).map(world::resolve).or(() -> world.find(selector));
    }

    /** Waits for an element to be there, or not. */
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
            Optional<Element> found = find(selector);
            boolean visible = found.isPresent() && Boolean.TRUE.equals(world.on(found.get(), "visible"));
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
}
