package dev.berth.verbs;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ClientJson;
import dev.berth.protocol.ElementAction;
import dev.berth.protocol.PageAction;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * An operation on a session, with all that differs from verb to verb but how the browser does it: the name, the command, the defaults of
 * its arguments, what the action log shows of them, and the tool that models get.
 *
 * @param <A> the command, whose components have the names of the arguments
 * @param <R> the command's reply
 */
public final class Verb<A extends Record & Action<R>, R extends SessionReply> {
    /** Limit for timeouts of clients, longer than they wait for a response. The bus takes an hour. */
    private static final int MAX_TIMEOUT_MILLIS = 300_000;

    private static final String TIMEOUT = "timeout";
    private static final String SELECTOR = "selector";

    private final String name;
    private final Class<A> command;
    private final List<String> components;
    private final JsonObject defaults;
    private final Optional<Reader<A>> reader;
    private final boolean largeBody;
    private final Function<A, Map<String, Object>> logged;
    private final Optional<Tool> tool;

    private Verb(Builder<A, R> made) {
        this.name = made.name;
        this.command = made.command;
        this.components = ClientJson.names(made.command);
        this.defaults = made.defaults;
        this.reader = made.reader;
        this.largeBody = made.largeBody;
        this.logged = made.logged;
        this.tool = made.offer.map(offer ->
                new Tool(offer.description(), offer.schema().json(), offer.readOnly(), offer.destructive(), this));
    }

    static <A extends Record & Action<R>, R extends SessionReply> Builder<A, R> of(String name, Class<A> command) {
        return new Builder<>(name, command);
    }

    /** The name in paths and in the action log. */
    public String name() {
        return name;
    }

    public Class<A> command() {
        return command;
    }

    /** Whether the arguments may be so large that they are not read on an event loop. */
    public boolean hasLargeBody() {
        return largeBody;
    }

    /** Empty for a verb that models do not get: recordings are no use to them, and cookies are secrets. */
    public Optional<Tool> tool() {
        return tool;
    }

    /** The arguments that the action log shows. Text that was entered is none of them: only the outcome says whether the text may be kept. */
    public Map<String, Object> logged(Action<?> action) {
        return logged.apply(command.cast(action));
    }

    /** A call of a verb: the command, and the page on which the command acts if it acts on one; empty for the active page. */
    public record Asked<A>(A command, Optional<String> page) {}

    /** Reads arguments that are no components of the command. */
    interface Reader<A> {
        Asked<A> read(JsonObject arguments, long timeoutMillis);
    }

    /** The arguments of verbs that are no part of the command. */
    private record Beside(Optional<String> page, Optional<Boolean> strict) {}

    /** Reads the command and its page. Throws {@link BerthException} that names the field where an argument is missing, invalid or unknown. */
    public Asked<A> read(JsonObject arguments) {
        return read(arguments, Action.DEFAULT_TIMEOUT_MILLIS);
    }

    /** The same, with this timeout in milliseconds where the arguments have none. */
    Asked<A> read(JsonObject arguments, long timeoutMillis) {
        return reader.map(own -> own.read(arguments, timeoutMillis))
                .orElseGet(() -> readComponents(arguments, timeoutMillis));
    }

    /** Reads arguments of which each is a component of the command, or beside the command. */
    Asked<A> readComponents(JsonObject arguments, long timeoutMillis) {
        List<String> beside = beside();
        List<String> known = new ArrayList<>(components);
        known.addAll(beside);
        ClientJson.requireKnown("", arguments, known);
        JsonObject fields = new JsonObject(new LinkedHashMap<>(arguments.getMap()));
        JsonObject own = new JsonObject();
        beside.forEach(field -> own.put(field, fields.remove(field)));
        Beside given = ClientJson.read(Beside.class, own);
        if (given.strict().orElse(false)) {
            refuseSeveral(fields, SELECTOR);
            refuseSeveral(fields, "to");
        }
        JsonObject otherwise = defaults;
        if (components.contains(TIMEOUT)) {
            requireTimeout(fields.getValue(TIMEOUT));
            otherwise = defaults.copy().put(TIMEOUT, timeoutMillis);
        }
        return new Asked<>(ClientJson.read(command, "", fields, otherwise), given.page());
    }

    /** These arguments, where they are present. */
    static Map<String, Object> present(Record action, List<String> arguments) {
        Map<String, Object> all = ProtocolJson.map(action);
        all.keySet().retainAll(arguments);
        all.values().removeIf(Objects::isNull);
        return all;
    }

    private List<String> beside() {
        List<String> beside = new ArrayList<>();
        if (PageAction.class.isAssignableFrom(command) || ElementAction.class.isAssignableFrom(command)) {
            beside.add("page");
        }
        if (components.contains(SELECTOR)) {
            beside.add("strict");
        }
        return beside;
    }

    /** Has a selector refuse several matches. A ref stands for one element anyway. */
    private static void refuseSeveral(JsonObject fields, String name) {
        if (fields.getValue(name) instanceof String selector
                && !selector.isBlank()
                && !selector.strip().startsWith("ref=")) {
            fields.put(name, selector + " >> strict");
        }
    }

    private static void requireTimeout(Object given) {
        if (given instanceof Number millis
                && !(millis.doubleValue() >= 1 && millis.doubleValue() <= MAX_TIMEOUT_MILLIS)) {
            throw BerthException.invalid(
                    "timeout must be from 1 to " + MAX_TIMEOUT_MILLIS + " milliseconds, not " + given);
        }
    }

    /** A verb that is being described. */
    static final class Builder<A extends Record & Action<R>, R extends SessionReply> {
        private final String name;
        private final Class<A> command;
        private final JsonObject defaults = new JsonObject();
        private Optional<Reader<A>> reader = Optional.empty();
        private boolean largeBody;
        private Function<A, Map<String, Object>> logged = action -> Map.of();
        private Optional<Offer> offer = Optional.empty();

        private Builder(String name, Class<A> command) {
            this.name = name;
            this.command = command;
        }

        private record Offer(String description, ToolSchema schema, boolean readOnly, boolean destructive) {}

        /** The value of an argument that is absent. */
        Builder<A, R> withDefault(String argument, Object value) {
            defaults.put(argument, value);
            return this;
        }

        Builder<A, R> readBy(Reader<A> form) {
            reader = Optional.of(form);
            return this;
        }

        /** The arguments have files, or what sites have stored. */
        Builder<A, R> withLargeBody() {
            largeBody = true;
            return this;
        }

        /** The action log shows these arguments as they are, where they are present. Throws where the command has no such component. */
        Builder<A, R> logs(String... arguments) {
            List<String> names = List.of(arguments);
            if (!ClientJson.names(command).containsAll(names)) {
                throw new IllegalArgumentException(name + " has not all of " + names);
            }
            return logs(action -> present(action, names));
        }

        /** The action log shows these details of the command, beside those before. */
        Builder<A, R> logs(Function<A, Map<String, Object>> details) {
            Function<A, Map<String, Object>> before = logged;
            logged = action -> {
                Map<String, Object> all = new LinkedHashMap<>(before.apply(action));
                all.putAll(details.apply(action));
                return all;
            };
            return this;
        }

        /** Models get a tool that changes nothing that a page or another client could see. */
        Builder<A, R> readOnlyTool(String description, ToolSchema schema) {
            return offer(new Offer(description, schema, true, false));
        }

        Builder<A, R> tool(String description, ToolSchema schema) {
            return offer(new Offer(description, schema, false, false));
        }

        /** Models get a tool that may change or lose what can't be brought back. */
        Builder<A, R> destructiveTool(String description, ToolSchema schema) {
            return offer(new Offer(description, schema, false, true));
        }

        private Builder<A, R> offer(Offer given) {
            offer = Optional.of(given);
            return this;
        }

        Verb<A, R> verb() {
            return new Verb<>(this);
        }
    }
}
