package dev.berth.browser.drive.snapshot;

import dev.berth.browser.drive.element.Refs.NodeRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The refs of one document of a page, the same in each of its snapshots, and its latest snapshot. For any thread. */
final class DocumentRefs {
    private static final int MAX_REFS = 50_000;

    private final String documentId;
    private final Map<NodeRef, String> refs = new HashMap<>();
    private final Map<String, NodeRef> nodes = new HashMap<>();
    private final Map<String, Integer> frames = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private Optional<Latest> latest = Optional.empty();

    DocumentRefs(String documentId) {
        this.documentId = documentId;
    }

    /** @param options under which the lines were made */
    record Latest(Object options, List<String> lines) {}

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

    synchronized Optional<Latest> replace(Latest next) {
        Optional<Latest> before = latest;
        latest = Optional.of(next);
        return before;
    }
}
