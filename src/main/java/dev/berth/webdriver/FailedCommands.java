package dev.berth.webdriver;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Cost;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Makes log entries of the commands of one client that chromedriver refused, with the locators of their elements. Pages tell of those that
 * succeeded. A client that waits repeats a command: its failures are one entry, and none where the command succeeds at last. On one context.
 */
final class FailedCommands {
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final String SHADOW_ROOT = "shadow-6066-11e4-a52e-4f735466cecf";
    /** Limit for remembered elements, which a page makes and a client looks for: the latest ones. */
    private static final int MAX_ELEMENTS = 1_000;

    private final Consumer<ActionEntry> log;
    /** The locators of elements by chromedriver's ids. */
    private final Map<String, String> locators = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_ELEMENTS;
        }
    };

    /** The latest failure of a command that may be repeated. */
    private Optional<Failure> repeated = Optional.empty();

    private record Failure(
            DriverCommand command, Optional<String> selector, String error, Instant first, Instant last, int times) {
        Failure again(Failure latest) {
            return new Failure(command, selector, latest.error, first, latest.last, times + 1);
        }

        boolean isOf(DriverCommand other) {
            return command.equals(other);
        }

        ActionEntry entry() {
            Map<String, Object> details = new LinkedHashMap<>();
            selector.ifPresent(text -> details.put("selector", text));
            details.put("command", command.name());
            if (times > 1) {
                details.put("times", times);
            }
            return new ActionEntry(
                    ActionEntry.newId(),
                    command.type(),
                    first,
                    false,
                    details,
                    Duration.between(first, last).toMillis(),
                    ActionSource.CDP,
                    Optional.of(error),
                    Cost.NONE);
        }
    }

    FailedCommands(Consumer<ActionEntry> log) {
        this.log = log;
    }

    /** A command has succeeded. @param body of the answer where it looked for elements; else an empty one */
    void succeeded(DriverCommand command, Buffer body) {
        if (repeated.filter(failure -> failure.isOf(command)).isPresent()) {
            repeated = Optional.empty();
        } else {
            flush();
        }
        if (command.finds()) {
            selector(command).ifPresent(found -> remember(body, found));
        }
    }

    private void remember(Buffer body, String selector) {
        Object value = read(body).getValue("value");
        (value instanceof JsonArray all ? all.stream() : Stream.of(value))
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .limit(MAX_ELEMENTS)
                .flatMap(each -> Stream.of(each.getString(ELEMENT, ""), each.getString(SHADOW_ROOT, "")))
                .filter(id -> !id.isEmpty())
                .forEach(id -> locators.put(id, selector));
    }

    /** The locator of what a command looks for, within that of the element where it looks, or the locator of its element. */
    private Optional<String> selector(DriverCommand command) {
        Optional<String> outer = command.element().map(locators::get);
        return command.locator()
                .map(inner -> outer.map(text -> text + " >> " + inner).orElse(inner))
                .or(() -> outer);
    }

    /** chromedriver has answered a command with this error. */
    void failed(DriverCommand command, String error, Instant from, Instant to) {
        Failure failure = new Failure(command, selector(command), error, from, to, 1);
        repeated = repeated.flatMap(before -> {
            if (before.isOf(command)) {
                return Optional.of(before.again(failure));
            }
            log.accept(before.entry());
            return Optional.empty();
        });
        if (!command.polls()) {
            log.accept(failure.entry());
        } else if (repeated.isEmpty()) {
            repeated = Optional.of(failure);
        }
    }

    /** The error's code and the first line of its message; below, chromedriver tells the browser's version. */
    static String error(Buffer body) {
        if (!(read(body).getValue("value") instanceof JsonObject value)) {
            return "unknown error";
        }
        String code = String.valueOf(value.getValue("error"));
        String message =
                String.valueOf(value.getValue("message")).lines().findFirst().orElse("");
        return message.startsWith(code) ? message : code + ": " + message;
    }

    private static JsonObject read(Buffer body) {
        try {
            return new JsonObject(body);
        } catch (DecodeException e) {
            return new JsonObject();
        }
    }

    /** Nothing is repeated any more. */
    void flush() {
        repeated.map(Failure::entry).ifPresent(log);
        repeated = Optional.empty();
    }
}
