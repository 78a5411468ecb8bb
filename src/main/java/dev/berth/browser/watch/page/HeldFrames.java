package dev.berth.browser.watch.page;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.protocol.ActionEntry.ActionElement;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The iframes that hold a document of another origin, by their selectors: only what holds them can name them. Asked once for each, as it
 * takes some round trips. Lives on the browser's context.
 */
final class HeldFrames {
    private static final long NAME_MILLIS = 1_000;
    /** A page decides how many it has. */
    private static final int MAX_KNOWN = 1_000;

    private final CdpConnection connection;
    private final PageParts parts;
    private final String describe;
    /** The frame of each world of Berth's, by the session of the eyes and the world's id. */
    private final Map<String, String> frameByWorld = bounded();

    private final Map<String, Future<List<String>>> holdersByFrame = bounded();

    /** @param describe a function declaration that describes its {@code this}, an element */
    HeldFrames(CdpConnection connection, PageParts parts, String describe) {
        this.connection = connection;
        this.parts = parts;
        this.describe = describe;
    }

    private static <T> Map<String, T> bounded() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > MAX_KNOWN;
            }
        };
    }

    private static String world(String sessionId, int contextId) {
        return sessionId + ' ' + contextId;
    }

    void contextCreated(CdpEvent event) {
        JsonObject context = event.params().getJsonObject("context");
        if (BerthWorld.NAME.equals(context.getString("name"))) {
            String frame = context.getJsonObject("auxData", new JsonObject()).getString("frameId", "");
            frameByWorld.put(world(event.sessionId(), context.getInteger("id")), frame);
        }
    }

    void detached(String sessionId) {
        frameByWorld.keySet().removeIf(world -> world.startsWith(sessionId));
    }

    /**
     * The selectors of the iframes that hold the document of this world, the outermost first; none where they can't be named. Never fails.
     */
    Future<List<String>> holders(String sessionId, int contextId) {
        return Optional.ofNullable(frameByWorld.get(world(sessionId, contextId)))
                .map(frame -> holders(sessionId, frame))
                .orElse(Future.succeededFuture(List.of()));
    }

    private Future<List<String>> holders(String sessionId, String frame) {
        return holdersByFrame.computeIfAbsent(
                frame, id -> named(sessionId, id).recover(e -> Future.succeededFuture(List.of())));
    }

    private Future<List<String>> named(String sessionId, String frame) {
        // The holder of an iframe of another site is in another process.
        boolean isRoot = parts.rootOf(sessionId).filter(frame::equals).isPresent();
        String holder = parts.holderOf(sessionId).filter(outer -> isRoot).orElse(sessionId);
        return send(holder, "DOM.getFrameOwner", new JsonObject().put("frameId", frame))
                .compose(owner -> send(
                        holder,
                        "DOM.resolveNode",
                        new JsonObject().put("backendNodeId", owner.getInteger("backendNodeId"))))
                .compose(node -> send(
                        holder,
                        "Runtime.callFunctionOn",
                        new JsonObject()
                                .put("functionDeclaration", describe)
                                .put("objectId", node.getJsonObject("object").getString("objectId"))
                                .put("arguments", new JsonArray())
                                .put("returnByValue", true)))
                .compose(told -> {
                    JsonObject iframe = told.getJsonObject("result").getJsonObject("value");
                    ActionElement named = ActionElement.of(iframe.getMap());
                    return outer(holder, iframe)
                            .map(outer -> Stream.of(outer.stream(), named.frames().stream(), named.selector().stream())
                                    .flatMap(all -> all)
                                    .toList());
                });
    }

    /** The selectors of the iframes that hold this iframe, which its document can't name by itself. */
    private Future<List<String>> outer(String sessionId, JsonObject iframe) {
        return iframe.getBoolean("outer", false)
                ? parts.rootOf(sessionId)
                        .map(root -> holders(sessionId, root))
                        .orElse(Future.succeededFuture(List.of()))
                : Future.succeededFuture(List.of());
    }

    private Future<JsonObject> send(String sessionId, String method, JsonObject params) {
        return connection.send(sessionId, method, params, NAME_MILLIS);
    }
}
