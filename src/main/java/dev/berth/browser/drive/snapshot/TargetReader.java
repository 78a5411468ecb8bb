package dev.berth.browser.drive.snapshot;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.watch.page.Pages;
import dev.berth.browser.watch.page.Pages.CrossSiteFrame;
import dev.berth.limits.MemoryBudget;
import dev.berth.loop.LoopPromise;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Reads what a snapshot is made of: of a page and its iframes, one after the other, all within one size limit. Sends raw commands,
 * as cdp4j 3.0.15 can't ask for the tree of an iframe. Lives on the browser's context.
 */
final class TargetReader {
    /** Each costs four round trips. */
    private static final int MAX_FRAMES = 2_000;

    private final Vertx vertx;
    private final CdpConnection connection;
    private final Pages pages;
    private final Deadline deadline;
    private final MemoryBudget.Share share;
    private int bytesLeft = Failures.MAX_RESULT_BYTES;
    private int framesLeft = MAX_FRAMES;

    TargetReader(Vertx vertx, CdpConnection connection, Pages pages, Deadline deadline, MemoryBudget.Share share) {
        this.vertx = vertx;
        this.connection = connection;
        this.pages = pages;
        this.deadline = deadline;
        this.share = share;
    }

    /** Chrome's answers for one target. */
    record Read(String targetId, int owner, List<Outline.Part> parts, JsonObject layout, List<Read> frames) {}

    Future<Read> read(String sessionId, String targetId, int owner) {
        Target target = new Target(sessionId);
        List<Outline.Part> parts = new ArrayList<>();
        // All at once: Chrome works on one while another is on its way and read here.
        Future<Void> tree = target.tree(0, new JsonObject(), parts);
        Future<JsonObject> layout = whole(sessionId, "DOMSnapshot.captureSnapshot", LayoutReader.question());
        Future<JsonObject> frames = send(sessionId, "Page.getFrameTree", new JsonObject());
        return Future.join(tree, layout, frames)
                .compose(all -> target.trees(frameIds(frames.result().getJsonObject("frameTree")), parts))
                .compose(all -> target.frames(pages.crossSiteFrames(sessionId)))
                .map(inner -> new Read(targetId, owner, parts, layout.result(), inner));
    }

    private static Deque<String> frameIds(JsonObject tree) {
        Deque<String> ids = new ArrayDeque<>();
        collect(tree, ids);
        return ids;
    }

    private static void collect(JsonObject tree, Deque<String> into) {
        tree.getJsonArray("childFrames", new JsonArray()).forEach(each -> {
            JsonObject child = (JsonObject) each;
            into.add(child.getJsonObject("frame").getString("id"));
            collect(child, into);
        });
    }

    private Future<JsonObject> send(String sessionId, String method, JsonObject params) {
        return connection.send(sessionId, method, params, deadline.left());
    }

    private Future<JsonObject> whole(String sessionId, String method, JsonObject params) {
        return connection
                .sendForAll(
                        sessionId,
                        method,
                        params,
                        deadline.left(),
                        new WholeAnswer(bytesLeft, WholeAnswer.TREE, share),
                        Answered::read)
                .map(answer -> {
                    bytesLeft = Math.max(1, bytesLeft - answer.bytes());
                    return answer.result();
                });
    }

    private record Answered(JsonObject result, int bytes) {
        static Answered read(byte[] message, int length) throws IOException {
            return new Answered(CdpConnection.result(message, length), length);
        }
    }

    /** The frames of one target. Loops of callbacks and no chains of futures, as a page may have thousands. */
    private final class Target {
        private final String sessionId;

        Target(String sessionId) {
            this.sessionId = sessionId;
        }

        Future<Void> trees(Deque<String> frames, List<Outline.Part> parts) {
            Promise<Void> done = LoopPromise.here(vertx);
            nextTree(frames, parts, done);
            return done.future();
        }

        private void nextTree(Deque<String> frames, List<Outline.Part> parts, Promise<Void> done) {
            if (frames.isEmpty() || framesLeft-- <= 0) {
                done.tryComplete();
                return;
            }
            JsonObject frame = new JsonObject().put("frameId", frames.remove());
            owner(frame)
                    .compose(owner -> tree(owner, frame, parts))
                    .recover(TargetReader::unlessRefused)
                    .onSuccess(read -> nextTree(frames, parts, done))
                    .onFailure(done::tryFail);
        }

        Future<Void> tree(int owner, JsonObject frame, List<Outline.Part> parts) {
            return whole(sessionId, "Accessibility.getFullAXTree", frame).map(tree -> {
                parts.add(new Outline.Part(owner, tree.getJsonArray("nodes")));
                return null;
            });
        }

        private Future<Integer> owner(JsonObject frame) {
            return send(sessionId, "DOM.getFrameOwner", frame).map(owner -> owner.getInteger("backendNodeId"));
        }

        Future<List<Read>> frames(List<CrossSiteFrame> frames) {
            List<Read> read = new ArrayList<>();
            Promise<Void> done = LoopPromise.here(vertx);
            nextFrame(new ArrayDeque<>(frames), read, done);
            return done.future().map(read);
        }

        private void nextFrame(Deque<CrossSiteFrame> frames, List<Read> read, Promise<Void> done) {
            if (frames.isEmpty() || framesLeft-- <= 0) {
                done.tryComplete();
                return;
            }
            CrossSiteFrame frame = frames.remove();
            owner(new JsonObject().put("frameId", frame.targetId()))
                    .compose(owner -> TargetReader.this.read(frame.sessionId(), frame.targetId(), owner))
                    .<Void>map(one -> {
                        read.add(one);
                        return null;
                    })
                    .recover(TargetReader::unlessRefused)
                    .onSuccess(next -> nextFrame(frames, read, done))
                    .onFailure(done::tryFail);
        }
    }

    /** An iframe that is removed meanwhile is skipped. */
    private static Future<Void> unlessRefused(Throwable e) {
        return e instanceof ChromeRefusal ? Future.succeededFuture() : Future.failedFuture(e);
    }
}
