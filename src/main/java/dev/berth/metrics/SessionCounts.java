package dev.berth.metrics;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.SessionStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

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

    SessionCounts(MeterRegistry registry) {
        starts = Times.timer(
                registry,
                "berth.session.start",
                "From the creation of a session until it runs, its wait for a place included.",
                Times.LONG);
        waits = Times.timer(registry, "berth.session.wait", "How long a session waited for a place.", Times.LONG);
        launches = Times.timer(
                registry,
                "berth.chrome.launch",
                "How long a session waited for its Chrome, whether a warm one or a new one.",
                Times.LONG);
        failedLaunches = Counter.builder("berth.chrome.launch.errors")
                .description("Chromes that did not come up.")
                .register(registry);
        ends = each(
                EndReason.class,
                reason -> Counter.builder("berth.sessions.ended")
                        .description("Sessions that ended on this node.")
                        .tags(
                                "status",
                                reason.terminalStatus(SessionStatus.RUNNING).wireName(),
                                "reason",
                                reason.wireName())
                        .register(registry));
        stored = each(
                ArtifactType.class,
                type -> Counter.builder("berth.artifacts.stored")
                        .description("Files of sessions that the object store has got.")
                        .tag("type", type.wireName())
                        .register(registry));
        bytes = each(
                ArtifactType.class,
                type -> Counter.builder("berth.artifact")
                        .description("The bytes of these files.")
                        .baseUnit("bytes")
                        .tag("type", type.wireName())
                        .register(registry));
        lost = Counter.builder("berth.recordings.lost")
                .description("Recordings of which nothing could be saved.")
                .register(registry);
    }

    private static <E extends Enum<E>> Map<E, Counter> each(Class<E> type, Function<E, Counter> made) {
        Map<E, Counter> counters = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            counters.put(constant, made.apply(constant));
        }
        return counters;
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
