package dev.berth.session;

import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.session.keep.ActionLog;
import dev.berth.session.keep.ArtifactKeeper;
import dev.berth.session.keep.Downloads;
import dev.berth.session.keep.HiddenTexts;
import dev.berth.session.keep.KeptBytes;
import dev.berth.session.keep.LiveRow;
import dev.berth.session.keep.LocalChunks;
import dev.berth.session.keep.LogBudget;
import dev.berth.session.keep.LogMerger;
import dev.berth.session.keep.LogSealer;
import dev.berth.session.keep.Redaction;
import dev.berth.session.keep.SessionLogs;
import dev.berth.session.keep.Story;
import dev.berth.session.keep.UsageSamples;
import dev.berth.session.machine.SessionInput;
import dev.berth.session.machine.SessionInput.ActionDone;
import dev.berth.session.machine.SessionInput.DiskOutgrown;
import dev.berth.session.machine.SessionSpec;
import dev.berth.session.machine.SessionState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that is kept of one live session. Runs on the session's context. */
final class SessionKeep {
    private static final Logger log = LoggerFactory.getLogger(SessionKeep.class);

    private final SessionId id;
    private final LocalChunks local;
    private final HiddenTexts hidden = new HiddenTexts();
    private final SessionLogs logs;
    private final ActionLog actions;
    private final ArtifactKeeper artifacts;
    private final Downloads downloads;
    private final UsageSamples usage = new UsageSamples();
    private final LiveRow row;
    private final Story story;

    /** @param machine receives an input for each entry that is kept, and one if that is too much */
    SessionKeep(
            Vertx vertx,
            SessionSpec spec,
            SessionServices services,
            LogBudget budget,
            Supplier<SessionState> state,
            Consumer<SessionInput> machine) {
        id = spec.id();
        story = new Story(vertx, id, spec.userId());
        KeptBytes kept = new KeptBytes(services.maxKeptBytes(), detail -> machine.accept(new DiskOutgrown(detail)));
        local = new LocalChunks(id, services.store());
        logs = logs(vertx, spec.userId(), services, kept, budget);
        actions = new ActionLog(id, services.actions(), hidden, (offset, action) -> {
            services.metrics().actions().performed(action);
            machine.accept(new ActionDone(offset, action));
        });
        actions.causedBy(spec.source());
        artifacts = new ArtifactKeeper(
                services.scheduler(), id, services.store(), services.artifacts(), kept, (offset, artifact) -> {
                    services.metrics().sessions().kept(artifact);
                    story.tell(new SessionEvent.ArtifactKept(id, offset, artifact));
                });
        downloads = new Downloads(vertx);
        row = new LiveRow(
                services.scheduler(),
                id,
                services.sessions(),
                services.navigations(),
                () -> spec.describe(state.get(), services.scheduler().now()),
                () -> state.get().activity().navigations(),
                usage::all,
                story::tell);
    }

    private SessionLogs logs(Vertx vertx, long user, SessionServices services, KeptBytes kept, LogBudget budget) {
        LogSealer sealer = new LogSealer(
                vertx, services.store(), services.logChunks(), local, user, services.logs(), kept::logged);
        LogSealer bodySealer =
                new LogSealer(vertx, services.store(), services.logChunks(), local, user, services.logs(), bytes -> {});
        LogMerger merger = new LogMerger(vertx, services.store(), services.logChunks(), local, services.machineId());
        return new SessionLogs(
                vertx,
                services.scheduler(),
                id,
                user,
                sealer,
                bodySealer,
                merger,
                budget,
                kept,
                new Redaction(services.bodies().secrets(), services.bodies().words()),
                hidden);
    }

    /** What is not kept. */
    HiddenTexts hidden() {
        return hidden;
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

    UsageSamples usage() {
        return usage;
    }

    Downloads downloads() {
        return downloads;
    }

    /** Publishes an event: at once if its entry is kept, otherwise once the session's row is written. */
    void tell(SessionEvent event) {
        if (event instanceof SessionEvent.SessionStarted || event instanceof SessionEvent.PageNavigated) {
            row.tell(event);
        } else {
            story.tell(event);
        }
    }

    /** Schedules a write of the session's row. */
    void changed() {
        row.changed();
    }

    /** Completes when everything that the session left is safe, at least on disk, and its last state is written. */
    Future<?> last() {
        return Future.join(logs.flush(), row.writeLast());
    }

    /** To be called when the session is over. */
    void close() {
        logs.close()
                .onFailure(e -> log.debug("{} its small log chunks stay unmerged: {}", id, e.toString()))
                .onComplete(merged -> local.close());
    }
}
