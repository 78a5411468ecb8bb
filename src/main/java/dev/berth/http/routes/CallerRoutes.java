package dev.berth.http.routes;

import dev.berth.config.ServerConfig;
import dev.berth.history.ApiKey;
import dev.berth.history.KeyRepository;
import dev.berth.http.access.Authentication;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** What a key tells about its user, and about the server that it is used at. */
public final class CallerRoutes {
    private final KeyRepository keys;
    private final String version;
    private final String machineId;
    private final boolean aiConfigured;
    private final Limits limits;

    /** @param version of this server */
    public CallerRoutes(KeyRepository keys, String version, String machineId, ServerConfig config) {
        this.keys = keys;
        this.version = version;
        this.machineId = machineId;
        this.aiConfigured = config.ai().model().isPresent();
        this.limits = Limits.of(config);
    }

    /**
     * What a client may ask for, and gets where it does not ask. Milliseconds.
     *
     * @param maxSessions that this node runs at the same time
     * @param maxSessionsPerUser of these, one user's; it counts those that wait, too
     * @param maxWaitingSessions how many more may wait for a place
     */
    record Limits(
            int maxSessions,
            int maxSessionsPerUser,
            int maxWaitingSessions,
            long queueTimeoutMillis,
            long idleTimeoutMillis,
            long lifetimeMillis,
            long reconnectMillis,
            long maxLifetimeMillis,
            long maxRecordingMillis,
            int maxBodyBytes) {
        static Limits of(ServerConfig config) {
            ServerConfig.Sessions sessions = config.sessions();
            return new Limits(
                    sessions.max(),
                    sessions.maxPerKey(),
                    sessions.queueMax(),
                    sessions.queueTimeoutMillis(),
                    sessions.idleTimeoutMillis(),
                    sessions.lifetimeMillis(),
                    sessions.reconnectMillis(),
                    sessions.maxLifetimeMillis(),
                    config.recording().maxMillis(),
                    config.http().maxBodyBytes());
        }
    }

    /** The answer to {@code GET /api/me}. */
    public record Me(
            String user, boolean admin, String version, String machineId, boolean aiConfigured, Limits limits) {}

    public Future<Me> me(RoutingContext ctx) {
        ApiKey key = Authentication.key(ctx);
        return keys.userName(key.userId())
                .map(name -> name.orElseThrow(CallerRoutes::gone))
                .map(name -> new Me(name, key.admin(), version, machineId, aiConfigured, limits));
    }

    private static BerthException gone() {
        return new BerthException(ErrorCode.UNAUTHENTICATED, "the API key's user does not exist any more");
    }
}
