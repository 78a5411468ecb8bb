package dev.berth.story;

import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogSubscription;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one live session tells, heard once for all readers of a node: a session has few followers of its logs, and each costs it
 * work. On the context of {@link LiveStories}.
 */
final class LiveStory {
    private static final Logger log = LoggerFactory.getLogger(LiveStory.class);

    private final SessionClient client;
    private final SessionId id;
    private final MessageConsumer<SessionEvent> consumer;
    private final Map<Consumer<SessionEvent>, Set<LogKind>> readers = new HashMap<>();
    private final Map<LogKind, Future<LogSubscription>> followed = new EnumMap<>(LogKind.class);

    LiveStory(SessionClient client, SessionId id) {
        this.client = client;
        this.id = id;
        this.consumer = client.events(id, this::tell);
    }

    /** Completes when {@code reader} gets all events, and the entries of these logs. Fails if the session does not answer. */
    Future<Void> add(Consumer<SessionEvent> reader, Set<LogKind> logs) {
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

    void remove(Consumer<SessionEvent> reader) {
        readers.remove(reader);
        for (LogKind kind : LogKind.values()) {
            if (readers.values().stream().noneMatch(logs -> logs.contains(kind)) && followed.containsKey(kind)) {
                followed.remove(kind).onSuccess(LogSubscription::close);
            }
        }
    }

    boolean isUnheard() {
        return readers.isEmpty();
    }

    void close() {
        consumer.unregister().onFailure(e -> log.debug("{} its events could not be left: {}", id, e.toString()));
    }
}
