package dev.berth.story;

import dev.berth.loop.LoopPromise;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogSubscription;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.VertxInternal;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stories of the live sessions that have readers on this node. For any thread; the bookkeeping is on a context of its own. */
public final class LiveStories {
    private static final Logger log = LoggerFactory.getLogger(LiveStories.class);

    private final Vertx vertx;
    private final SessionClient client;
    private final Context context;
    private final Map<SessionId, LiveStory> stories = new HashMap<>();

    /** @param client may follow every session */
    public LiveStories(Vertx vertx, SessionClient client) {
        this.vertx = vertx;
        this.client = client;
        // The context is not that of a verticle, which would take the subscriptions with it.
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
        Promise<Runnable> joined = LoopPromise.here(vertx);
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

    /**
     * The story of one live session, heard once for all readers of a node: a session has few followers of its logs, and each costs it
     * work. On the context of the outer object.
     */
    private static final class LiveStory {
        private final SessionClient client;
        private final SessionId id;
        private final MessageConsumer<SessionEvent> consumer;
        private final Map<Consumer<SessionEvent>, Set<LogKind>> readers = new HashMap<>();
        private final Map<LogKind, Future<LogSubscription>> followed = new EnumMap<>(LogKind.class);

        private LiveStory(SessionClient client, SessionId id) {
            this.client = client;
            this.id = id;
            this.consumer = client.events(id, this::tell);
        }

        /** Completes when {@code reader} gets all events, and the entries of these logs. Fails if the session does not answer. */
        private Future<Void> add(Consumer<SessionEvent> reader, Set<LogKind> logs) {
            readers.put(reader, logs);
            return consumer.completion()
                    .compose(listening ->
                            Future.all(logs.stream().map(this::follow).toList()).mapEmpty());
        }

        private Future<LogSubscription> follow(LogKind kind) {
            Future<LogSubscription> known = followed.get(kind);
            if (known != null && !known.failed()) {
                return known;
            }
            Future<LogSubscription> following = client.followLogs(id, Set.of(kind), this::tell);
            followed.put(kind, following);
            // A session that does not answer any more has ended: the next reader tries anew.
            following.onSuccess(begun -> begun.ended().onComplete(over -> followed.remove(kind, following)));
            return following;
        }

        private void tell(SessionEvent event) {
            List.copyOf(readers.entrySet()).stream()
                    .filter(reader -> !(event instanceof LogAppended logged)
                            || reader.getValue().contains(logged.log()))
                    .forEach(reader -> reader.getKey().accept(event));
        }

        private void remove(Consumer<SessionEvent> reader) {
            readers.remove(reader);
            for (LogKind kind : LogKind.values()) {
                if (readers.values().stream().noneMatch(logs -> logs.contains(kind)) && followed.containsKey(kind)) {
                    followed.remove(kind).onSuccess(LogSubscription::close);
                }
            }
        }

        private boolean isUnheard() {
            return readers.isEmpty();
        }

        private void close() {
            consumer.unregister().onFailure(e -> log.debug("{} its events could not be left: {}", id, e.toString()));
        }
    }
}
