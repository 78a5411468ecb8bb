package dev.berth.fake;

import dev.berth.history.ActionRepository;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.LogChunkRepository;
import dev.berth.history.LogChunkRepository.ChunkKey;
import dev.berth.history.LostSessions;
import dev.berth.history.NodeEpoch;
import dev.berth.history.ObjectIndex;
import dev.berth.history.ReportRepository;
import dev.berth.history.SessionClaims;
import dev.berth.history.SessionRepository;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogKind.LogChunk;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.ReportCommand.UpdateSession;
import dev.berth.protocol.SessionEvent.SessionUpdated;
import dev.berth.protocol.SessionEvent.StepReported;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionLabels;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.StepEntry;
import dev.berth.protocol.UsageSample;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A history in memory, which a test can let fail or hang, call by call: the repositories that sessions write with, none of which asks a
 * database.
 */
public final class FakeHistory {
    public final List<ActionEntry> actions = new CopyOnWriteArrayList<>();
    public final List<ArtifactEntry> artifacts = new CopyOnWriteArrayList<>();
    public final List<ChunkKey> chunks = new CopyOnWriteArrayList<>();
    /** What was recorded of artifacts that were listed before they were complete, such as {@code "complete key 7"}. */
    public final List<String> settled = new CopyOnWriteArrayList<>();
    /** What an earlier process left. */
    public final List<ArtifactEntry> unfinished = new CopyOnWriteArrayList<>();

    public final Set<SessionId> lost = ConcurrentHashMap.newKeySet();
    public final Map<SessionId, SessionDescription> rows = new ConcurrentHashMap<>();
    public final Map<Long, NavigationEntry> navigations = new ConcurrentHashMap<>();
    public final List<Collection<SessionId>> corrected = new CopyOnWriteArrayList<>();
    /** What each session may still send and receive by its key. */
    public volatile Optional<SessionRepository.TrafficLeft> trafficLeft = Optional.empty();

    private final Map<String, SessionAccepted> byKey = new ConcurrentHashMap<>();
    private volatile Function<String, Future<Void>> outcome = call -> Future.succeededFuture();

    /** @param newOutcome gives what comes of a call, by its name: {@code claim}, {@code save}, {@code end}, {@code append}, … */
    public void outcome(Function<String, Future<Void>> newOutcome) {
        outcome = newOutcome;
    }

    Future<Void> outcome(String call) {
        return outcome.apply(call);
    }

    public final SessionClaims claims = new Claims();
    public final SessionRepository sessions = new Sessions();
    public final LostSessions lostSessions = new Lost();
    public final ActionRepository actionRows = new Actions();
    public final ArtifactRepository artifactRows = new Artifacts();
    public final LogChunkRepository chunkRows = new Chunks();
    public final ObjectIndex objects = new Objects();
    public final ReportRepository reports = new Reports();

    private Future<Void> then(String call, Runnable write) {
        return outcome.apply(call).onSuccess(done -> write.run());
    }

    private <T> Future<T> then(String call, Supplier<T> read) {
        return outcome.apply(call).map(done -> read.get());
    }

    private final class Claims extends SessionClaims {
        Claims() {
            super(null, NodeEpoch.NONE);
        }

        @Override
        public Future<SessionAccepted> claim(CreateSession request, SessionAccepted accepted) {
            return then(
                    "claim",
                    () -> request.idempotency()
                            .map(once -> byKey.computeIfAbsent(once.key(), first -> accepted))
                            .orElse(accepted));
        }

        @Override
        public Future<Optional<SessionAccepted>> findRepeated(CreateSession request) {
            return then(
                    "findRepeated",
                    () -> request.idempotency()
                            .map(CreateSession.Idempotency::key)
                            .map(byKey::get));
        }
    }

    private final class Sessions extends SessionRepository {
        Sessions() {
            super(null, null);
        }

        @Override
        public Future<Optional<TrafficLeft>> save(SessionDescription session) {
            return then("save", () -> {
                rows.put(session.sessionId(), session);
                return trafficLeft;
            });
        }

        @Override
        public Future<Void> end(
                SessionDescription last, Map<Long, NavigationEntry> unwritten, List<UsageSample> usage) {
            return then("end", () -> {
                rows.put(last.sessionId(), last);
                navigations.putAll(unwritten);
            });
        }

        @Override
        public Future<Void> saveNavigations(SessionId id, Map<Long, NavigationEntry> more) {
            return then("saveNavigations", () -> navigations.putAll(more));
        }
    }

    /** The labels of one session, as its client changed them; steps are taken as they come. */
    private final class Reports extends ReportRepository {
        private long updates;
        private long steps;

        Reports() {
            super(null);
        }

        @Override
        public Future<SessionUpdated> update(
                SessionId id, Optional<Long> owner, UpdateSession change, Optional<ChangedLife> timeouts) {
            return then(
                    "update",
                    () -> new SessionUpdated(
                            id,
                            updates++,
                            new SessionLabels(change.name(), change.outcome(), change.outcomeReason(), Map.of()),
                            Instant.EPOCH));
        }

        @Override
        public Future<List<StepReported>> add(SessionId id, List<StepEntry> added) {
            return then(
                    "steps",
                    () -> added.stream()
                            .map(step -> new StepReported(id, steps++, step))
                            .toList());
        }
    }

    private final class Lost extends LostSessions {
        Lost() {
            super(null, null, "node", 0, NodeEpoch.NONE);
        }

        @Override
        public Future<Integer> correct(Instant at, Collection<SessionId> held) {
            return then("correct", () -> {
                corrected.add(held);
                return 0;
            });
        }
    }

    private final class Actions extends ActionRepository {
        Actions() {
            super(null, null, null);
        }

        @Override
        public Future<Void> append(SessionId id, long seq, ActionEntry action) {
            return then("append", () -> {
                actions.add(action);
            });
        }
    }

    private final class Artifacts extends ArtifactRepository {
        Artifacts() {
            super(null, null);
        }

        @Override
        public Future<Void> add(SessionId id, long offset, ArtifactEntry artifact) {
            return then("addArtifact", () -> {
                artifacts.add(artifact);
            });
        }

        @Override
        public Future<Void> complete(ArtifactEntry complete) {
            return then("completeArtifact", () -> {
                settled.add("complete " + complete.objectKey() + " " + complete.size());
            });
        }

        @Override
        public Future<Void> stored(String objectKey, long offset) {
            return outcome.apply("storedArtifact");
        }

        @Override
        public Future<Void> lost(String objectKey, long offset) {
            return objects.lost(objectKey);
        }

        @Override
        public Future<List<ArtifactEntry>> removeNamed(SessionId id, String fileName) {
            List<ArtifactEntry> named = artifacts.stream()
                    .filter(file -> file.isNamed() && file.fileName().equals(Optional.of(fileName)))
                    .toList();
            return then("removeArtifact", () -> {
                artifacts.removeAll(named);
                return named;
            });
        }

        @Override
        public Future<List<ArtifactEntry>> removeDownloads(SessionId id) {
            List<ArtifactEntry> downloads = artifacts.stream()
                    .filter(file -> file.type() == ArtifactType.DOWNLOAD)
                    .toList();
            return then("removeArtifact", () -> {
                artifacts.removeAll(downloads);
                return downloads;
            });
        }

        @Override
        public Future<Void> remove(SessionId id, String objectId) {
            return then("removeArtifact", () -> {
                artifacts.removeIf(file -> file.objectId().equals(objectId));
            });
        }
    }

    private final class Chunks extends LogChunkRepository {
        Chunks() {
            super(null);
        }

        @Override
        public Future<Void> add(ChunkKey chunk) {
            return then("addChunk", () -> {
                if (!chunks.contains(chunk)) {
                    chunks.add(chunk);
                }
            });
        }

        @Override
        public Future<List<LogChunk>> list(SessionId id, LogKind kind, long offset, int limit) {
            return then("listChunks", () -> {
                List<LogChunk> log = chunks.stream()
                        .filter(chunk -> chunk.sessionId().equals(id) && chunk.kind() == kind)
                        .map(ChunkKey::chunk)
                        .toList();
                return log.stream()
                        .filter(chunk -> chunk.overlaps(offset, limit) || chunk.equals(log.get(log.size() - 1)))
                        .toList();
            });
        }
    }

    private final class Objects extends ObjectIndex {
        Objects() {
            super(null, null);
        }

        @Override
        public Future<List<ArtifactEntry>> unfinished(String machineId) {
            return then("unfinished", () -> List.copyOf(unfinished));
        }

        @Override
        public Future<Boolean> isLost(SessionId id) {
            return then("isLost", () -> lost.contains(id));
        }

        @Override
        public Future<Void> announce(SessionId id, ArtifactEntry artifact) {
            return artifactRows.add(id, 0, artifact);
        }

        @Override
        public Future<Void> complete(ArtifactEntry complete) {
            return artifactRows.complete(complete);
        }

        @Override
        public Future<Void> lost(String objectKey) {
            return then("lostArtifact", () -> {
                settled.add("lost " + objectKey);
            });
        }
    }
}
