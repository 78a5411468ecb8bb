package dev.berth.story;

import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What the live sessions tell that have readers on this node. For any thread; the bookkeeping is on a context of its own. */
public final class LiveStories {
    private final Vertx vertx;
    private final SessionClient client;
    private final Context context;
    private final Map<SessionId, LiveStory> stories = new HashMap<>();

    /** @param client may follow every session */
    public LiveStories(Vertx vertx, SessionClient client) {
        this.vertx = vertx;
        this.client = client;
        // Not that of a verticle, which would take the subscriptions with it.
        this.context = ((VertxInternal) vertx).createEventLoopContext();
    }

    /**
     * Passes on what a session tells, from the completion on. Fails if the session does not answer.
     *
     * @param logs those whose entries are wanted
     * @param reader called on the context of this object; must return at once
     * @return ends it
     */
    public Future<Runnable> join(SessionId id, Set<LogKind> logs, Consumer<SessionEvent> reader) {
        Promise<Runnable> joined = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> stories.computeIfAbsent(id, any -> new LiveStory(client, id))
                .add(reader, logs)
                .onFailure(e -> remove(id, reader))
                .<Runnable>map(added -> () -> context.runOnContext(left -> remove(id, reader)))
                .onComplete(joined));
        return joined.future();
    }

    private void remove(SessionId id, Consumer<SessionEvent> reader) {
        LiveStory story = stories.get(id);
        if (story != null) {
            story.remove(reader);
            if (story.isUnheard()) {
                stories.remove(id);
                story.close();
            }
        }
    }
}
