package dev.berth.verbs;

import dev.berth.protocol.ActionReply.OnPage;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One operation on a session: its name, its command, and the JSON form of its arguments and result.
 *
 * @param <A> the command
 * @param <R> the command's reply
 */
public final class Verb<A extends Action<R>, R extends SessionReply> {
    private final String name;
    private final Class<A> command;
    private final Function<Arguments, A> reader;
    private final BiFunction<R, ArtifactLinks, VerbResult> writer;
    private final boolean largeBody;

    Verb(
            String name,
            Class<A> command,
            Function<Arguments, A> reader,
            BiFunction<R, ArtifactLinks, VerbResult> writer) {
        this(name, command, reader, writer, false);
    }

    private Verb(
            String name,
            Class<A> command,
            Function<Arguments, A> reader,
            BiFunction<R, ArtifactLinks, VerbResult> writer,
            boolean largeBody) {
        this.largeBody = largeBody;
        this.name = name;
        this.command = command;
        this.reader = reader;
        this.writer = writer;
    }

    Verb(String name, Class<A> command, Function<Arguments, A> reader, Function<R, VerbResult> writer) {
        this(name, command, reader, (reply, links) -> writer.apply(reply));
    }

    /** The same verb, whose arguments have files, or what sites have stored. */
    Verb<A, R> withLargeBody() {
        return new Verb<>(name, command, reader, writer, true);
    }

    /** Whether its arguments may be so large that they are not read on an event loop. */
    public boolean hasLargeBody() {
        return largeBody;
    }

    /** The name in paths, for models, and in the action log. */
    public String name() {
        return name;
    }

    public Class<A> command() {
        return command;
    }

    /** What is asked for: a command, and the page on which it acts if it acts on one; empty for the active page. */
    public record Asked<A>(A command, Optional<String> page) {}

    /**
     * Reads the command and its page. Throws {@link dev.berth.protocol.BerthException} that names the field where an argument
     * is missing, invalid or unknown.
     */
    public Asked<A> read(Arguments arguments) {
        A action = reader.apply(arguments);
        Optional<String> page = action.actsOnPage() ? arguments.optionalText("page") : Optional.empty();
        arguments.requireAllRead();
        return new Asked<>(action, page);
    }

    /** @param links makes links to the files in the reply */
    public VerbResult result(R reply, ArtifactLinks links) {
        VerbResult result = writer.apply(reply, links);
        return reply instanceof OnPage on
                ? new VerbResult.OfPage(result, VerbResult.PageView.of(on.page(), links))
                : result;
    }
}
