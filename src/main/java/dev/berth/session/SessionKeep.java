package dev.berth.session;

import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.session.keep.ActionLog;
import dev.berth.session.keep.ArtifactKeeper;
import dev.berth.session.keep.Downloads;
import dev.berth.session.keep.KeptBytes;
import dev.berth.session.keep.LiveRow;
import dev.berth.session.keep.LocalChunks;
import dev.berth.session.keep.LogBudget;
import dev.berth.session.keep.LogMerger;
import dev.berth.session.keep.LogSealer;
import dev.berth.session.keep.SessionLogs;
import dev.berth.session.keep.Story;
import dev.berth.session.machine.SessionInput;
import dev.berth.session.machine.SessionInput.ActionDone;
import dev.berth.session.machine.SessionInput.DiskOutgrown;
import dev.berth.session.machine.SessionProfile;
import dev.berth.session.machine.SessionState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that is kept of one live session, put together. On the session's context. */
final class SessionKeep {
    private static final Logger log = LoggerFactory.getLogger(SessionKeep.class);

    private final SessionId id;
    private final LocalChunks local;
    private final SessionLogs logs;
    private final ActionLog actions;
    private final ArtifactKeeper artifacts;
    private final Downloads downloads;
    private final LiveRow row;
    private final Story story;

    /**
     * @param machine is told what is kept, and when that is too much
     */
    SessionKeep(
            Vertx vertx,
            SessionProfile profile,
            SessionServices services,
            LogBudget budget,
            Supplier<SessionState> state,
            Consumer<SessionInput> machine) {
        id = profile.id();
        story = new Story(vertx, id);
        KeptBytes kept = new KeptBytes(services.maxKeptBytes(), detail -> machine.accept(new DiskOutgrown(detail)));
        local = new LocalChunks(id, services.store());
        logs = logs(vertx, profile.userId(), services, kept, budget);
        actions = new ActionLog(
                id, services.actions(), (offset, action) -> machine.accept(new ActionDone(offset, action)));
        actions.causedBy(profile.source());
        artifacts = new ArtifactKeeper(
                services.scheduler(),
                id,
                services.store(),
                services.artifacts(),
                kept,
                (offset, artifact) -> story.tell(new SessionEvent.ArtifactKept(id, offset, artifact)));
        downloads = new Downloads(vertx);
        row = new LiveRow(
                services.scheduler(),
                id,
                services.sessions(),
                services.navigations(),
                () -> profile.snapshot(state.get(), services.scheduler().now()),
                () -> state.get().activity().visits(),
                story::tell);
    }

    private SessionLogs logs(Vertx vertx, long user, SessionServices services, KeptBytes kept, LogBudget budget) {
        LogSealer sealer = new LogSealer(
                vertx, services.store(), services.logChunks(), local, user, services.logs(), kept::logged);
        LogMerger merger = new LogMerger(vertx, services.store(), services.logChunks(), local, services.machineId());
        return new SessionLogs(vertx, id, sealer, merger, budget);
    }

    SessionLogs logs() {
        return logs;
    }

    ActionLog actions() {
        return actions;
    }

    ArtifactKeeper artifacts() {
        return artifacts;
    }

    Downloads downloads() {
        return downloads;
    }

    /** Tells of what is kept, or will be with the session's row. */
    void tell(SessionEvent event) {
        if (event instanceof SessionEvent.SessionStarted || event instanceof SessionEvent.PageNavigated) {
            row.tell(event);
        } else {
            story.tell(event);
        }
    }

    /** The session's row is to be written, soon. */
    void changed() {
        row.changed();
    }

    /** Completes when all that the session left is safe, on disk at the least, and its last state is written. */
    Future<?> last() {
        return Future.join(logs.flush(), row.writeLast());
    }

    /** It is over. */
    void close() {
        logs.close()
                .onFailure(e -> log.debug("{} its small log chunks stay: {}", id, e.toString()))
                .onComplete(merged -> local.close());
    }
}
