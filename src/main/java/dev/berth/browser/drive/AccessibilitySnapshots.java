package dev.berth.browser.drive;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.Whole;
import dev.berth.browser.cdp.ChromeRefusal;
import dev.berth.browser.cdp.ResultBudget;
import dev.berth.browser.drive.element.Refs.NodeRef;
import dev.berth.browser.watch.PageTarget;
import dev.berth.protocol.ActionReply.SnapshotResult;
import dev.berth.protocol.PageAction.TakeSnapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes accessibility snapshots, and resolves their refs. Sends raw commands, as cdp4j 3.0.15 can't ask for the tree of an iframe.
 */
final class AccessibilitySnapshots {
    private static final Pattern REF = Pattern.compile("\\s*(?:ref=)?e(\\d{1,9})\\s*");

    private final Vertx vertx;
    private final CdpConnection connection;
    /** The document of each page's latest snapshot, by target id: node ids are valid in that document only. */
    private final Map<String, String> documents = new HashMap<>();

    AccessibilitySnapshots(Vertx vertx, CdpConnection connection) {
        this.vertx = vertx;
        this.connection = connection;
    }

    /** The backend node id that {@code selector} stands for; empty if it is no ref. Any thread may call. */
    Optional<NodeRef> node(PageTarget page, String selector) {
        Matcher ref = REF.matcher(selector);
        if (!ref.matches()) {
            return Optional.empty();
        }
        synchronized (documents) {
            if (!page.documentId().equals(documents.get(page.targetId()))) {
                throw Failures.failed(
                        "'" + selector.strip() + "' is of no snapshot of this document; take a new snapshot",
                        "refs are valid until the page goes to another document");
            }
        }
        return Optional.of(new NodeRef(page.targetId(), Integer.parseInt(ref.group(1))));
    }

    Future<SnapshotResult> take(PageTarget page, TakeSnapshot command, Deadline deadline) {
        synchronized (documents) {
            documents.put(page.targetId(), page.documentId());
        }
        return ResultBudget.OF_PROCESS.lend(
                ResultBudget.TREE,
                share -> send(page, "Page.getFrameTree", new JsonObject(), deadline)
                        .compose(tree ->
                                new FrameTrees(page, deadline, share, frameIds(tree.getJsonObject("frameTree"))).read())
                        .recover(deadline::told)
                        // Large pages have trees of megabytes.
                        .compose(parts -> vertx.executeBlocking(() -> AccessibilityTree.of(parts), false))
                        .map(tree -> new SnapshotResult(
                                page.url(),
                                page.title(),
                                tree.text(),
                                command.tree() ? Optional.of(tree.json()) : Optional.empty())));
    }

    private static Deque<String> frameIds(JsonObject tree) {
        Deque<String> ids = new ArrayDeque<>();
        collect(tree, ids);
        return ids;
    }

    private static void collect(JsonObject tree, Collection<String> into) {
        tree.getJsonArray("childFrames", new JsonArray()).forEach(each -> {
            JsonObject child = (JsonObject) each;
            into.add(child.getJsonObject("frame").getString("id"));
            collect(child, into);
        });
    }

    private Future<JsonObject> send(PageTarget page, String method, JsonObject params, Deadline deadline) {
        return connection.send(page.sessionId(), method, params, deadline.left());
    }

    /** Reads the trees of a page and its iframes, one after the other, all within one size limit. */
    private final class FrameTrees {
        private final PageTarget page;
        private final Deadline deadline;
        private final ResultBudget.Share share;
        private final Deque<String> waiting;
        private final List<AccessibilityTree.Part> parts = new ArrayList<>();
        private final Promise<List<AccessibilityTree.Part>> done =
                ((ContextInternal) vertx.getOrCreateContext()).promise();
        private int bytesLeft = Failures.MAX_RESULT_BYTES;

        FrameTrees(PageTarget page, Deadline deadline, ResultBudget.Share share, Deque<String> children) {
            this.page = page;
            this.deadline = deadline;
            this.share = share;
            this.waiting = children;
        }

        Future<List<AccessibilityTree.Part>> read() {
            part(0, new JsonObject()).onSuccess(read -> next()).onFailure(done::tryFail);
            return done.future();
        }

        /** A loop of callbacks and no chain of futures, as a page may have thousands of iframes. */
        private void next() {
            if (waiting.isEmpty()) {
                done.tryComplete(parts);
                return;
            }
            JsonObject frame = new JsonObject().put("frameId", waiting.remove());
            send(page, "DOM.getFrameOwner", frame, deadline)
                    .compose(owner -> part(owner.getInteger("backendNodeId"), frame))
                    // An iframe that is removed meanwhile is skipped.
                    .recover(e -> e instanceof ChromeRefusal ? Future.succeededFuture() : Future.failedFuture(e))
                    .onSuccess(read -> next())
                    .onFailure(done::tryFail);
        }

        private Future<Void> part(int owner, JsonObject frame) {
            return connection
                    .sendForAll(
                            page.sessionId(),
                            "Accessibility.getFullAXTree",
                            frame,
                            deadline.left(),
                            new Whole(bytesLeft, share),
                            Answered::read)
                    .map(answer -> {
                        bytesLeft = Math.max(1, bytesLeft - answer.bytes());
                        parts.add(new AccessibilityTree.Part(
                                owner, answer.result().getJsonArray("nodes")));
                        return null;
                    });
        }
    }

    private record Answered(JsonObject result, int bytes) {
        static Answered read(byte[] message, int length) throws IOException {
            return new Answered(CdpConnection.result(message, length), length);
        }
    }
}
