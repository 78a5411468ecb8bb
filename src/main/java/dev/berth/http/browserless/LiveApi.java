package dev.berth.http.browserless;

import dev.berth.history.SessionListing;
import dev.berth.http.request.Authentication;
import dev.berth.protocol.NodeCommand.NodeStatus;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionSummary;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /sessions} and {@code /pressure}: the live sessions of a user, and the room of this node. For any event loop. */
public final class LiveApi {
    private static final int MAX_LISTED = 100;

    private final SessionListing listing;
    private final SessionClient client;
    private final String machineId;
    private final int maxQueued;

    /** @param maxQueued how many sessions may wait for a place */
    public LiveApi(SessionListing listing, SessionClient client, String machineId, int maxQueued) {
        this.listing = listing;
        this.client = client;
        this.machineId = machineId;
        this.maxQueued = maxQueued;
    }

    /** The newest, at most {@value #MAX_LISTED}. */
    Future<Buffer> sessions(RoutingContext ctx) {
        Map<String, String> labels = ctx.queryParam(Launch.TRACKING_ID).stream()
                .findFirst()
                .map(id -> Map.of(Launch.TRACKING_ID, id))
                .orElse(Map.of());
        SessionListing.Query live = new SessionListing.Query(
                Authentication.user(ctx),
                false,
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                labels,
                Optional.empty(),
                MAX_LISTED,
                0);
        return listing.list(live)
                .map(page -> page.sessions().stream()
                        .map(LiveApi::shown)
                        .collect(JsonArray::new, JsonArray::add, JsonArray::addAll)
                        .toBuffer());
    }

    private static JsonObject shown(SessionSummary session) {
        return new JsonObject()
                .put("browser", "chromium")
                .put("browserId", session.sessionId().value())
                .put("id", session.sessionId().value())
                .put("initialConnectURL", "")
                .put("killURL", null)
                .put("launchOptions", new JsonObject())
                .put("routePath", "/")
                .put("running", true)
                .put("startedOn", session.createdAt().toEpochMilli())
                .put(
                        "timeAliveMs",
                        Duration.between(session.createdAt(), Instant.now()).toMillis())
                .put(Launch.TRACKING_ID, session.metadata().get(Launch.TRACKING_ID))
                .put("type", "browser")
                .put("userDataDir", null);
    }

    /** As JSON; as a text, with 503 where no place is free, for those who ask for text. */
    void pressure(RoutingContext ctx) {
        client.describe(machineId)
                .compose(node -> {
                    boolean full = node.draining()
                            || node.creating() + node.running() >= node.capacity() && node.queued() >= maxQueued;
                    String why = node.draining()
                            ? "The node takes no new sessions"
                            : full ? "All places are taken, and as many sessions wait as may" : "";
                    if ("text/plain".equals(ctx.request().getHeader("Accept"))) {
                        return ctx.response()
                                .putHeader("Content-Type", "text/plain; charset=utf-8")
                                .setStatusCode(full ? 503 : 200)
                                .end(why)
                                .otherwiseEmpty();
                    }
                    return ctx.response()
                            .putHeader("Content-Type", "application/json")
                            .end(new JsonObject()
                                    .put("pressure", pressure(node, full, why))
                                    .toBuffer())
                            .otherwiseEmpty();
                })
                .onFailure(ctx::fail);
    }

    private JsonObject pressure(NodeStatus node, boolean full, String why) {
        return new JsonObject()
                .put("cpu", null)
                .put("date", System.currentTimeMillis())
                .put("isAvailable", !full)
                .put("maxConcurrent", node.capacity())
                .put("maxQueued", maxQueued)
                .put("memory", null)
                .put("message", why)
                .put("queued", node.queued())
                .put("reason", full ? "full" : "")
                .put("running", node.creating() + node.running());
    }
}
