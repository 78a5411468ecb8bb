package dev.berth.verbs;

import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.SessionCommand.Action;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The catalogue of verbs: every operation on a session, once. A verb maps JSON fields to the components of its command and fills in
 * defaults; the command validates their values.
 */
public final class Verbs {
    /** Gives files to a file input of a page: see {@link GivenFile}. */
    public static final Verb<Upload, ElementResult> UPLOAD = ElementVerbs.UPLOAD;

    private static final List<Verb<?, ?>> ALL = Stream.of(PageVerbs.ALL, ElementVerbs.ALL, BrowserVerbs.ALL)
            .flatMap(List::stream)
            .toList();

    private static final Map<Class<?>, String> NAMES =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Verb::command, Verb::name));

    private Verbs() {}

    /** All verbs. */
    public static List<Verb<?, ?>> all() {
        return ALL;
    }

    /** The name of the verb with this command. */
    public static String nameOf(Action<?> action) {
        return NAMES.get(action.getClass());
    }
}
