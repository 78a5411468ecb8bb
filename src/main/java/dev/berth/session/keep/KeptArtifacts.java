package dev.berth.session.keep;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.SessionReply.ArtifactList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The artifacts of one live session, for reads while Postgres does not answer. A session with very many is listed by
 * Postgres alone. Runs on the session's context.
 */
final class KeptArtifacts {
    private static final int IN_MEMORY = 1_000;
    /** The order in which the history lists them. */
    private static final Comparator<ArtifactEntry> ORDER =
            Comparator.comparing(ArtifactEntry::timestamp).thenComparing(ArtifactEntry::objectId);

    private final Map<String, ArtifactEntry> byId = new HashMap<>();
    private boolean complete = true;

    /** Adds an artifact, or replaces it after a change of its state. */
    void put(ArtifactEntry artifact) {
        if (byId.containsKey(artifact.objectId()) || complete && byId.size() < IN_MEMORY) {
            byId.put(artifact.objectId(), artifact);
        } else {
            complete = false;
            byId.clear();
        }
    }

    boolean has(ArtifactEntry artifact) {
        return byId.containsKey(artifact.objectId());
    }

    ArtifactList list() {
        List<ArtifactEntry> inOrder = byId.values().stream().sorted(ORDER).toList();
        return new ArtifactList(inOrder, complete);
    }
}
