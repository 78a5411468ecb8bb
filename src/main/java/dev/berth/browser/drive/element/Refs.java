package dev.berth.browser.drive.element;

import dev.berth.browser.watch.page.PageTarget;
import java.util.Optional;

/** Finds the elements that refs of snapshots stand for. A port, as the snapshots know this room. Any thread may call. */
@FunctionalInterface
public interface Refs {
    /** The node of {@code selector}; empty if it is no ref. Throws if it is one that the page's document does not have. */
    Optional<NodeRef> find(PageTarget page, String selector);

    /**
     * A node.
     *
     * @param targetId of the page, or of the cross-site iframe that has the node
     */
    record NodeRef(String targetId, int backendNodeId) {}
}
