package dev.berth.http.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.berth.access.ApiKey;
import dev.berth.access.KeyLimits;
import dev.berth.access.KeyRepository;
import dev.berth.access.Role;
import dev.berth.config.ServerConfig;
import dev.berth.config.SessionsConfig;
import dev.berth.history.UsageRepository;
import dev.berth.history.UsageRepository.Day;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.QueryParameters;
import dev.berth.limits.CountLimit;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** The routes that tell a key's user about the key, the user and the server. For any event loop. */
public final class CallerRoutes {
    private static final long DEFAULT_DAYS = 30;

    private final KeyRepository keys;
    private final UsageRepository usage;
    private final CountLimit<Long> searches;
    private final String version;
    private final String machineId;
    private final boolean aiConfigured;
    private final ServerLimits limits;

    /**
     * @param version of this server
     * @param searches counts those of each user that look through all of the user's sessions
     */
    public CallerRoutes(
            KeyRepository keys,
            UsageRepository usage,
            String version,
            String machineId,
            ServerConfig config,
            CountLimit<Long> searches) {
        this.keys = keys;
        this.usage = usage;
        this.searches = searches;
        this.version = version;
        this.machineId = machineId;
        this.aiConfigured = config.ai().model().isPresent();
        this.limits = ServerLimits.of(config);
    }

    /**
     * The limits of a client's options, and their defaults. Milliseconds.
     *
     * @param maxSessions that this node runs at the same time
     * @param maxSessionsPerUser a user's share of {@code maxSessions}; sessions that wait count, too
     * @param maxWaitingSessions how many more may wait for a place
     */
    record ServerLimits(
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
        static ServerLimits of(ServerConfig config) {
            SessionsConfig sessions = config.sessions();
            return new ServerLimits(
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

    /**
     * The answer to {@code GET /api/me}.
     *
     * @param keyLimits what the key may use, on all nodes together
     * @param limits of this server
     */
    @JsonInclude(Include.NON_ABSENT)
    public record Me(
            String user,
            long keyId,
            Role role,
            boolean admin,
            Optional<Instant> expiresAt,
            KeyLimits keyLimits,
            String version,
            String machineId,
            boolean aiConfigured,
            ServerLimits limits) {}

    public Future<Me> me(RoutingContext ctx) {
        ApiKey key = Authentication.key(ctx);
        return keys.userName(key.userId())
                .map(name -> name.orElseThrow(CallerRoutes::gone))
                .map(name -> new Me(
                        name,
                        key.keyId(),
                        key.role(),
                        key.admin(),
                        key.expiresAt(),
                        key.limits(),
                        version,
                        machineId,
                        aiConfigured,
                        limits));
    }

    /** The answer to {@code GET /api/usage}. */
    public record Usage(List<Day> days) {}

    public Future<Usage> usage(RoutingContext ctx) {
        long days = QueryParameters.of(ctx).number("days").orElse(DEFAULT_DAYS);
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        long user = Authentication.user(ctx);
        return searches.during(user, () -> usage.days(user, today.minusDays(days - 1), today))
                .map(Usage::new);
    }

    private static BerthException gone() {
        return new BerthException(ErrorCode.UNAUTHENTICATED, "the API key's user no longer exists");
    }
}
