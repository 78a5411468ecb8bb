package dev.berth.browser.drive.snapshot;

import dev.berth.browser.drive.element.Refs.NodeRef;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The refs of one document of a page, the same in each of its snapshots, and its latest snapshots. For any thread. */
final class DocumentRefs {
    private static final int MAX_REFS = 50_000;
    /** Limit for remembered snapshots, by their options: a reader takes the whole page, a part of it, and its clickable elements. */
    private static final int MAX_LATEST = 3;

    private final String documentId;
    private final Map<NodeRef, String> refs = new HashMap<>();
    private final Map<String, NodeRef> nodes = new HashMap<>();
    private final Map<String, Integer> frames = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    /** The lines of the latest snapshot by the options under which they were made, the oldest first. */
    private final Map<Object, List<String>> latest = new LinkedHashMap<>();

    DocumentRefs(String documentId) {
        this.documentId = documentId;
    }

    boolean isOf(String document) {
        return documentId.equals(document);
    }

    /**
     * The ref of a node; empty where the document has too many.
     *
     * @param inFrame whether the node is in an iframe of another site
     */
    synchronized String of(NodeRef node, boolean inFrame) {
        String known = refs.get(node);
        if (known != null || refs.size() == MAX_REFS) {
            return known == null ? "" : known;
        }
        String prefix = inFrame ? "f" + frames.computeIfAbsent(node.targetId(), id -> frames.size() + 1) + "e" : "e";
        String ref = prefix + counts.merge(prefix, 1, Integer::sum);
        refs.put(node, ref);
        nodes.put(ref, node);
        return ref;
    }

    synchronized Optional<NodeRef> node(String ref) {
        return Optional.ofNullable(nodes.get(ref));
    }

    /** Keeps the lines of a snapshot; returns those of the one before it that was made under the same options. */
    synchronized Optional<List<String>> replace(Object options, List<String> lines) {
        Optional<List<String>> before = Optional.ofNullable(latest.remove(options));
        latest.put(options, lines);
        if (latest.size() > MAX_LATEST) {
            latest.remove(latest.keySet().iterator().next());
        }
        return before;
    }
}
