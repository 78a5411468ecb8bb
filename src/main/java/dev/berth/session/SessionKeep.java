package dev.berth.session;

import dev.berth.history.ReportRepository.ChangedLife;
import dev.berth.history.SessionRepository.TrafficLeft;
import dev.berth.logs.SessionLogs;
import dev.berth.protocol.ReportCommand.UpdateSession;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import dev.berth.protocol.UsageSample;
import dev.berth.protocol.UsageSample.Traffic;
import dev.berth.secrets.HiddenTexts;
import dev.berth.secrets.Redaction;
import dev.berth.session.act.RecordedActs;
import dev.berth.session.keep.ActionLog;
import dev.berth.session.keep.ArtifactKeeper;
import dev.berth.session.keep.ClientReports;
import dev.berth.session.keep.EventPublisher;
import dev.berth.session.keep.KeptBytes;
import dev.berth.session.keep.LiveRow;
import dev.berth.session.keep.UsageSamples;
import dev.berth.session.machine.SessionInput;
import dev.berth.session.machine.SessionInput.ActionDone;
import dev.berth.session.machine.SessionInput.DiskOutgrown;
import dev.berth.session.machine.SessionInput.Updated;
import dev.berth.session.machine.SessionSpec;
import dev.berth.session.machine.SessionState;
import dev.berth.session.machine.SessionState.Changed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Everything that is kept of one live session. Runs on the session's context. */
final class SessionKeep {
    private final SessionId id;
    private final HiddenTexts hidden = new HiddenTexts();
    private final SessionLogs logs;
    private final ActionLog actions;
    private final RecordedActs acts;
    private final ArtifactKeeper artifacts;
    private final UsageSamples usage = new UsageSamples();
    private final LiveRow row;
    private final EventPublisher story;
    private final Supplier<Traffic> traffic;
    private final KeptBytes kept;
    private final ClientReports reports;
    private final SessionSpec spec;
    private final Supplier<SessionState> state;
    private final Consumer<SessionInput> machine;
    private long failedActions;
    private Traffic written = Traffic.NONE;

    /**
     * @param traffic of its browser
     * @param allowance receives what it may still send and receive, where that is limited
     * @param machine receives an input for each entry that is kept, and one if that is too much
     */
    SessionKeep(
            Vertx vertx,
            SessionSpec spec,
            SessionServices services,
            Supplier<SessionState> state,
            Supplier<Traffic> traffic,
            Consumer<TrafficLeft> allowance,
            Consumer<SessionInput> machine) {
        id = spec.id();
        this.spec = spec;
        this.state = state;
        this.machine = machine;
        story = new EventPublisher(vertx, id, spec.userId());
        this.traffic = traffic;
        kept = new KeptBytes(services.maxKeptBytes(), detail -> machine.accept(new DiskOutgrown(detail)));
        logs = new SessionLogs(
                vertx,
                services.scheduler(),
                id,
                services.logs(),
                kept::logged,
                kept::tryTake,
                new Redaction(services.bodies().secrets(), services.bodies().words()),
                hidden);
        actions = new ActionLog(id, services.rows().actions(), hidden, (offset, action) -> {
            services.metrics().actions().performed(action);
            failedActions += action.success() ? 0 : 1;
            machine.accept(new ActionDone(offset, action));
        });
        actions.causedBy(spec.source());
        acts = new RecordedActs(services.scheduler(), actions::note);
        actions.beforeEach(acts::before);
        artifacts = new ArtifactKeeper(
                services.scheduler(), id, services.store(), services.rows().artifacts(), kept, (offset, artifact) -> {
                    services.metrics().sessions().kept(artifact);
                    story.tell(new SessionEvent.ArtifactKept(id, offset, artifact));
                });
        row = new LiveRow(
                services.scheduler(),
                id,
                services.rows().sessions(),
                () -> spec.describe(state.get(), services.scheduler().now(), traffic.get(), kept.bytes(), errors()),
                () -> state.get().activity().navigations(),
                usage::all,
                story::tell,
                allowance);
        reports = new ClientReports(services.scheduler(), id, services.rows().reports(), hidden, story::tell);
    }

    /** The clients' reports on their work. */
    ClientReports reports() {
        return reports;
    }

    /** Changes what a client says of the session; then the machine knows. */
    Future<?> update(UpdateSession change) {
        return reports.update(change, spec.createdAt(), () -> spec.timeouts(state.get()))
                .onSuccess(written -> machine.accept(new Updated(
                        written.event(),
                        new Changed(
                                written.event().labels(),
                                written.life().map(ChangedLife::timeouts).orElseGet(() -> spec.timeouts(state.get())),
                                written.life()
                                        .map(ChangedLife::expiresAt)
                                        .orElseGet(() -> spec.expiresAt(state.get()))))));
    }

    /** How much went wrong so far. */
    ErrorCounts errors() {
        return new ErrorCounts(failedActions, logs.consoleErrors(), logs.failedRequests());
    }

    /** The bytes that are kept of the session. */
    long storedBytes() {
        return kept.bytes();
    }

    /** Texts, such as values of task variables, that are replaced in all that the session keeps. */
    HiddenTexts hidden() {
        return hidden;
    }

    SessionLogs logs() {
        return logs;
    }

    ActionLog actions() {
        return actions;
    }

    /** The acts of people and CDP clients, as the session's pages report them. */
    RecordedActs acts() {
        return acts;
    }

    ArtifactKeeper artifacts() {
        return artifacts;
    }

    /** The usage of the session's browser, oldest first. */
    List<UsageSample> usage() {
        return usage.all();
    }

    /** Called every few seconds with what the browser uses; has the row written where its traffic has changed. */
    void measured(Instant at, long memoryBytes, double cores) {
        usage.measured(at, memoryBytes, cores);
        Traffic now = traffic.get();
        if (!now.equals(written)) {
            written = now;
            row.changed();
        }
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
        logs.close();
    }
}
