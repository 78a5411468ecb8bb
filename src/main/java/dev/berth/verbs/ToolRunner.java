package dev.berth.verbs;

import dev.berth.protocol.ElementAction;
import dev.berth.protocol.ElementAction.Type;
import dev.berth.protocol.ElementAction.WaitFor;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Runs tools on sessions. For any event loop. */
public final class ToolRunner {
    /** A model was shown which elements there are: it learns sooner that one is missing than a script, which waits 30 s. */
    private static final long ACT_MILLIS = 5_000;
    /** In addition, for each key that is typed. */
    private static final long KEY_MILLIS = 20;

    private static final long MAX_ACT_MILLIS = 30_000;

    private final ArtifactLinks links;
    private final int maxChars;

    /**
     * @param links to the files in results; a model that can't fetch files needs none
     * @param maxChars of a result's text; what is longer is cut, and says so
     */
    public ToolRunner(ArtifactLinks links, int maxChars) {
        this.links = links;
        this.maxChars = maxChars;
    }

    /**
     * A tool's result.
     *
     * @param text for a model. It may hold text of the page, which is not to be trusted
     */
    public record Ran(SessionReply reply, String text) {}

    /**
     * Runs a tool. Fails with {@link dev.berth.protocol.BerthException} whose message is for the model, too.
     *
     * @param client acts for the user, with the source of the actions
     */
    public Future<Ran> run(SessionClient client, SessionId session, Tool tool, JsonObject arguments) {
        return run(client, session, tool, Arguments.of(arguments));
    }

    /** The same, with arguments whose files are stored: see {@link Arguments#withStored}. */
    public Future<Ran> run(SessionClient client, SessionId session, Tool tool, Arguments arguments) {
        return run(client, session, tool.verb(), arguments);
    }

    /** The arguments, with the time for an act on an element where the model does not give one. */
    private static Arguments bounded(Verb<?, ?> verb, Arguments arguments) {
        if (!ElementAction.class.isAssignableFrom(verb.command())
                || verb.command().equals(WaitFor.class)) {
            return arguments;
        }
        long keys = verb.command().equals(Type.class) ? arguments.text("text").length() : 0;
        return arguments.within(Math.min(MAX_ACT_MILLIS, ACT_MILLIS + keys * KEY_MILLIS));
    }

    private <A extends Action<R>, R extends SessionReply> Future<Ran> run(
            SessionClient client, SessionId session, Verb<A, R> verb, Arguments arguments) {
        Optional<Verb.Asked<A>> asked;
        try {
            asked = Optional.of(verb.read(bounded(verb, arguments)));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
        return client(client, asked.get().page())
                .ask(session, asked.get().command())
                .map(reply -> new Ran(reply, ToolText.of(verb.result(reply, links), maxChars)));
    }

    private static SessionClient client(SessionClient client, Optional<String> page) {
        return page.map(client::on).orElse(client);
    }
}
