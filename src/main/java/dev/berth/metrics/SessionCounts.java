package dev.berth.metrics;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How a node's sessions begin and end, and what they leave. For any thread. */
public final class SessionCounts {
    private final Timer starts;
    private final Timer waits;
    private final Timer launches;
    private final Counter failedLaunches;
    private final Map<EndReason, Counter> ends;
    private final Map<ArtifactType, Counter> stored;
    private final Map<ArtifactType, Counter> bytes;
    private final Counter lost;

    SessionCounts(Meters meters) {
        starts = meters.timer(
                "berth.session.start",
                "Time from a session's creation until it runs, including the wait for a place.",
                Meters.LONG);
        waits = meters.timer("berth.session.wait", "Time that a session waited for a place.", Meters.LONG);
        launches = meters.timer(
                "berth.chrome.launch", "Time that a session waited for its Chrome, warm or new.", Meters.LONG);
        failedLaunches = meters.counter("berth.chrome.launch.errors", "Chrome launches that failed.", "");
        ends = Meters.each(
                EndReason.class,
                reason -> meters.counter(
                        "berth.sessions.ended",
                        "Sessions that ended on this node.",
                        "",
                        "status",
                        reason.terminalStatus(SessionStatus.RUNNING).wireName(),
                        "reason",
                        reason.wireName()));
        stored = Meters.each(
                ArtifactType.class,
                type -> meters.counter(
                        "berth.artifacts.stored",
                        "Session files stored in the object store.",
                        "",
                        "type",
                        type.wireName()));
        bytes = Meters.each(
                ArtifactType.class,
                type -> meters.counter(
                        "berth.artifact",
                        "Size of session files stored in the object store.",
                        "bytes",
                        "type",
                        type.wireName()));
        lost = meters.counter("berth.recordings.lost", "Recordings lost in full.", "");
    }

    /** @param sinceCreated how long ago it was created */
    public void running(Duration sinceCreated) {
        starts.record(sinceCreated.isNegative() ? Duration.ZERO : sinceCreated);
    }

    public void placed(long waitedNanos) {
        waits.record(waitedNanos, TimeUnit.NANOSECONDS);
    }

    public void launched(long nanos, boolean up) {
        launches.record(nanos, TimeUnit.NANOSECONDS);
        if (!up) {
            failedLaunches.increment();
        }
    }

    public void ended(EndReason reason) {
        ends.get(reason).increment();
    }

    /** An artifact is listed, or its state has changed. */
    public void kept(ArtifactEntry artifact) {
        if (artifact.state() == ArtifactState.STORED) {
            stored.get(artifact.type()).increment();
            bytes.get(artifact.type()).increment(artifact.size());
        } else if (artifact.state() == ArtifactState.LOST) {
            lost.increment();
        }
    }
}
