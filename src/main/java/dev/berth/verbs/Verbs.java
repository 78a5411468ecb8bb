package dev.berth.verbs;

import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.SessionCommand.Action;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The catalogue of verbs: every operation on a session, once. */
public final class Verbs {
    /** Gives files to a file input of a page: see {@link UploadArguments}. */
    public static final Verb<Upload, ElementResult> UPLOAD = ElementVerbs.UPLOAD;

    /** {@link #UPLOAD} for a model without files of its own. */
    public static final Tool UPLOAD_NAMED = ElementVerbs.UPLOAD_NAMED;

    private static final List<Verb<?, ?>> ALL = Stream.of(
                    PageVerbs.ALL, ElementVerbs.ALL, BrowserVerbs.ALL, BrowserVerbs.OF_ROUTES)
            .<Verb<?, ?>>flatMap(List::stream)
            .toList();

    private static final Map<Class<?>, Verb<?, ?>> BY_COMMAND =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Verb::command, Function.identity()));

    private static final List<Tool> ROUTE_TOOLS = tools(BrowserVerbs.OF_ROUTES);

    private static final List<Tool> TOOLS =
            tools(ALL).stream().filter(tool -> !ROUTE_TOOLS.contains(tool)).toList();

    private Verbs() {}

    private static List<Tool> tools(List<Verb<?, ?>> verbs) {
        return verbs.stream().flatMap(verb -> verb.tool().stream()).toList();
    }

    /** All verbs. */
    public static List<Verb<?, ?>> all() {
        return ALL;
    }

    /** The verb with this command. */
    public static Verb<?, ?> of(Action<?> action) {
        return BY_COMMAND.get(action.getClass());
    }

    /** The verb with this name. */
    public static Verb<?, ?> named(String name) {
        return ALL.stream()
                .filter(verb -> verb.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no verb " + name));
    }

    /** The tools of all models. */
    public static List<Tool> tools() {
        return TOOLS;
    }

    /** The tools for rules of requests, which test pages. A task's model has no use for them. */
    public static List<Tool> routeTools() {
        return ROUTE_TOOLS;
    }
}
