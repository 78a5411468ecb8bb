package dev.berth.browser;

import dev.berth.protocol.SessionReply.SnapshotResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Accessibility trees, and what their refs mean. Over the raw connection: in the protocol that cdp4j 3.0.15 speaks an iframe's
 * tree can not be asked for.
 */
final class Snapshots {
    private static final Pattern REF = Pattern.compile("\\s*ref=e?(\\d{1,9})\\s*");

    private final Vertx vertx;
    private final CdpConnection connection;
    /** The document that each page had when its snapshot was taken: node ids mean nothing in another one. */
    private final Map<String, String> documents = new HashMap<>();

    Snapshots(Vertx vertx, CdpConnection connection) {
        this.vertx = vertx;
        this.connection = connection;
    }

    /** The node that {@code selector} means, where it is a ref. Any thread may call. */
    Optional<Integer> node(PageTarget page, String selector) {
        Matcher ref = REF.matcher(selector);
        if (!ref.matches()) {
            return Optional.empty();
        }
        synchronized (documents) {
            if (!page.documentId().equals(documents.get(page.targetId()))) {
                throw Failures.failed(
                        "'" + selector.strip() + "' is of no snapshot of this document; take a new snapshot");
            }
        }
        return Optional.of(Integer.valueOf(ref.group(1)));
    }

    Future<SnapshotResult> take(PageTarget page, Deadline deadline) {
        synchronized (documents) {
            documents.put(page.targetId(), page.documentId());
        }
        return send(page, "Page.getFrameTree", new JsonObject(), deadline)
                .compose(tree -> frames(page, tree.getJsonObject("frameTree"), deadline))
                // Large pages have trees of megabytes.
                .compose(parts -> vertx.executeBlocking(() -> AccessibilityTree.of(parts), false))
                .map(tree -> new SnapshotResult(page.url(), page.title(), tree.text(), tree.json()));
    }

    /** The trees of the page and its iframes, each with the node that holds it. */
    private Future<List<AccessibilityTree.Part>> frames(PageTarget page, JsonObject tree, Deadline deadline) {
        List<String> children = new ArrayList<>();
        collect(tree, children);
        List<Future<AccessibilityTree.Part>> parts = new ArrayList<>();
        parts.add(part(page, new JsonObject(), deadline).map(nodes -> new AccessibilityTree.Part(0, nodes)));
        children.forEach(frameId -> parts.add(child(page, frameId, deadline)));
        return Future.all(parts).map(all -> parts.stream().map(Future::result).toList());
    }

    private static void collect(JsonObject tree, List<String> into) {
        tree.getJsonArray("childFrames", new JsonArray()).forEach(each -> {
            JsonObject child = (JsonObject) each;
            into.add(child.getJsonObject("frame").getString("id"));
            collect(child, into);
        });
    }

    /** An iframe that goes away meanwhile is left out. */
    private Future<AccessibilityTree.Part> child(PageTarget page, String frameId, Deadline deadline) {
        JsonObject frame = new JsonObject().put("frameId", frameId);
        return send(page, "DOM.getFrameOwner", frame, deadline)
                .compose(owner -> part(page, frame, deadline)
                        .map(nodes -> new AccessibilityTree.Part(owner.getInteger("backendNodeId"), nodes)))
                .otherwise(e -> new AccessibilityTree.Part(-1, new JsonArray()));
    }

    private Future<JsonArray> part(PageTarget page, JsonObject frame, Deadline deadline) {
        return connection
                .sendForAll(
                        page.sessionId(),
                        "Accessibility.getFullAXTree",
                        frame,
                        deadline.left(),
                        Failures.MAX_RESULT_BYTES)
                .recover(Failures::told)
                .map(answer -> answer.getJsonArray("nodes"));
    }

    private Future<JsonObject> send(PageTarget page, String method, JsonObject params, Deadline deadline) {
        return connection
                .send(page.sessionId(), method, params, deadline.left())
                .recover(Failures::told);
    }
}
