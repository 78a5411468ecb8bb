package dev.berth.live;

import dev.berth.loop.LoopPromise;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one viewer's commands to its session over the bus, and hears of the session's end. On the event loop of the viewer. */
final class ViewedSession {
    private static final Logger log = LoggerFactory.getLogger(ViewedSession.class);

    private final SessionClient sessions;
    private final SessionId id;
    private final Promise<Void> running;
    private final Promise<EndReason> ended;
    private Consumer<ArtifactEntry> downloads = any -> {};
    private Optional<MessageConsumer<SessionEvent>> events = Optional.empty();

    /** Has no effect before {@link #awaitRunning}. */
    ViewedSession(Context context, SessionClient sessions, SessionId id) {
        this.sessions = sessions;
        this.id = id;
        this.running = LoopPromise.on(context);
        this.ended = LoopPromise.on(context);
    }

    SessionId id() {
        return id;
    }

    /** Completes when the session runs and its end can no longer be missed. Fails where it ends, or this is closed, before. */
    Future<Void> awaitRunning() {
        MessageConsumer<SessionEvent> consumer = sessions.events(id, this::hear);
        events = Optional.of(consumer);
        return consumer.completion().compose(listening -> {
            sessions.ask(id, new AwaitRunning())
                    .onSuccess(up -> running.tryComplete())
                    .onFailure(running::tryFail);
            return running.future();
        });
    }

    private void hear(SessionEvent event) {
        if (event instanceof SessionEvent.SessionEnded end) {
            ended.tryComplete(end.reason());
            running.tryFail(end.reason().refusal());
        } else if (event instanceof SessionEvent.ArtifactKept kept
                && kept.artifact().type() == ArtifactType.DOWNLOAD) {
            downloads.accept(kept.artifact());
        }
    }

    /** @param downloads is called when a file that was downloaded is listed, and when it is stored */
    void onDownload(Consumer<ArtifactEntry> downloads) {
        this.downloads = downloads;
    }

    /** Completes when the session has ended. */
    Future<EndReason> ended() {
        return ended.future();
    }

    <R extends SessionReply> Future<R> ask(SessionCommand<R> command) {
        return sessions.ask(id, command);
    }

    /** @param pageId of the page on which it is done; empty for the browser as a whole */
    <R extends SessionReply> Future<R> ask(Optional<String> pageId, SessionCommand<R> command) {
        return pageId.map(sessions::on).orElse(sessions).ask(id, command);
    }

    /** Stops listening. */
    void close() {
        running.tryFail(new BerthException(ErrorCode.CONFLICT, "the viewer left"));
        events.ifPresent(consumer -> consumer.unregister().onFailure(e -> log.debug("{} {}", id, e.getMessage())));
        events = Optional.empty();
    }
}
