package dev.berth.session.keep;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.SessionReply.ArtifactList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files of one live session, for who asks while Postgres is away. More than some are Postgres's alone to list. */
final class KeptArtifacts {
    private static final int IN_MEMORY = 1_000;
    /** As the history lists them. */
    private static final Comparator<ArtifactEntry> ORDER =
            Comparator.comparing(ArtifactEntry::timestamp).thenComparing(ArtifactEntry::objectId);

    private final Map<String, ArtifactEntry> byId = new HashMap<>();
    private boolean complete = true;

    /** There is one, or it is in another state. */
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
