package dev.berth.verbs;

import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.ElementAction;
import dev.berth.protocol.ElementAction.Type;
import dev.berth.protocol.ElementAction.WaitFor;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.ShownJson.Links;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Runs tools on sessions. For any event loop. */
public final class ToolRunner {
    /** A model was shown which elements there are: it learns sooner that one is missing than a script, which waits 30 s. */
    private static final long ACT_MILLIS = 5_000;
    /** Additional time for each key that is typed. */
    private static final long KEY_MILLIS = 20;

    private static final long MAX_ACT_MILLIS = 30_000;

    private final Links links;
    private final int maxChars;

    /**
     * @param links to the files in results; a model that can't fetch files needs none
     * @param maxChars of a result's text; what is longer is cut, and says so
     */
    public ToolRunner(Links links, int maxChars) {
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
        return run(client, session, tool.verb(), arguments);
    }

    private <A extends Record & Action<R>, R extends SessionReply> Future<Ran> run(
            SessionClient client, SessionId session, Verb<A, R> verb, JsonObject arguments) {
        return Future.succeededFuture()
                .map(now -> verb.read(arguments, timeoutMillis(verb, arguments)))
                .compose(asked -> run(client, session, asked));
    }

    /** Runs {@link Verbs#UPLOAD} with files that are stored: see {@link UploadArguments#read}. */
    public Future<Ran> upload(
            SessionClient client, SessionId session, JsonObject arguments, List<UploadedFile> stored) {
        return Future.succeededFuture()
                .map(now -> UploadArguments.read(arguments, stored, timeoutMillis(Verbs.UPLOAD, arguments)))
                .compose(asked -> run(client, session, asked));
    }

    private <R extends SessionReply> Future<Ran> run(
            SessionClient client, SessionId session, Verb.Asked<? extends Action<R>> asked) {
        return client(client, asked.page())
                .ask(session, asked.command())
                .map(reply -> new Ran(reply, ToolText.of(reply, links, maxChars)));
    }

    /** How long an act on an element may take where the model does not say. */
    private static long timeoutMillis(Verb<?, ?> verb, JsonObject arguments) {
        if (!ElementAction.class.isAssignableFrom(verb.command())
                || verb.command().equals(WaitFor.class)) {
            return Action.DEFAULT_TIMEOUT_MILLIS;
        }
        long keys = verb.command().equals(Type.class) && arguments.getValue("text") instanceof String text
                ? text.length()
                : 0;
        return Math.min(MAX_ACT_MILLIS, ACT_MILLIS + keys * KEY_MILLIS);
    }

    private static SessionClient client(SessionClient client, Optional<String> page) {
        return page.map(client::on).orElse(client);
    }
}
