package dev.berth.verbs;

import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One thing that can be done to a session: its name, and the JSON form of what it takes and of what came of it.
 *
 * @param <A> the command that does it
 * @param <R> the command's reply
 */
public final class Verb<A extends Action<R>, R extends SessionReply> {
    private final String name;
    private final Class<A> command;
    private final Function<Arguments, A> reader;
    private final BiFunction<R, ArtifactLinks, VerbResult> writer;

    Verb(
            String name,
            Class<A> command,
            Function<Arguments, A> reader,
            BiFunction<R, ArtifactLinks, VerbResult> writer) {
        this.name = name;
        this.command = command;
        this.reader = reader;
        this.writer = writer;
    }

    Verb(String name, Class<A> command, Function<Arguments, A> reader, Function<R, VerbResult> writer) {
        this(name, command, reader, (reply, links) -> writer.apply(reply));
    }

    /** What it is called in paths, by models, and in the action log. */
    public String name() {
        return name;
    }

    public Class<A> command() {
        return command;
    }

    /** Fails with {@link dev.berth.protocol.BerthException} that names the field where an argument is missing, bad or not known. */
    public A read(Arguments arguments) {
        A action = reader.apply(arguments);
        arguments.requireAllRead();
        return action;
    }

    /** @param links to the files that the reply tells of */
    public VerbResult result(R reply, ArtifactLinks links) {
        return writer.apply(reply, links);
    }
}
