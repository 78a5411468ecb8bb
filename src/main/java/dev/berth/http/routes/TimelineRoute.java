package dev.berth.http.routes;

import dev.berth.history.UsageRepository;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.routes.LogCounts.Buckets;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionCommand.ReadUsage;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.UsageSample;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;

/** {@code GET …/timeline}: what happened when, as numbers. The logs are counted on workers. For any event loop. */
public final class TimelineRoute {
    private static final int DEFAULT_BUCKETS = 400;

    private final ReadableLogs logs;
    private final SessionAccess access;
    private final UsageRepository usage;

    public TimelineRoute(ReadableLogs logs, SessionAccess access, UsageRepository usage) {
        this.access = access;
        this.usage = usage;
        this.logs = logs;
    }

    record Console(int[] error, int[] warn, int[] other) {
        static Console of(LogCounts counts) {
            return new Console(counts.of(0), counts.of(1), counts.of(2));
        }
    }

    record Network(int[] total, int[] failed) {
        static Network of(LogCounts counts) {
            int good = LogCounts.OUTCOMES.size();
            return new Network(counts.between(1, good + 1), counts.between(1, good));
        }
    }

    /** The answer. */
    public record Timeline(
            Instant from, Instant to, long bucketMillis, Console console, Network network, List<UsageSample> usage) {}

    public Future<Timeline> timeline(RoutingContext ctx) {
        int most =
                QueryParameters.of(ctx).number("buckets").map(Math::toIntExact).orElse(DEFAULT_BUCKETS);
        return access.describe(ctx).compose(session -> timeline(ctx, span(session, most)));
    }

    private static Buckets span(SessionDescription session, int most) {
        return Buckets.of(
                session.startedAt().orElse(session.createdAt()),
                session.endedAt().orElseGet(Instant::now),
                most);
    }

    private Future<Timeline> timeline(RoutingContext ctx, Buckets span) {
        LogCounts console = new LogCounts(span, LogCounts.LEVELS);
        LogCounts network = new LogCounts(span, LogCounts.OUTCOMES);
        // One after the other: a user has few such reads at the same time.
        return logs.visit(ctx, LogKind.CONSOLE, console)
                .compose(counted -> logs.visit(ctx, LogKind.NETWORK, network))
                .compose(counted -> samples(ctx))
                .map(samples -> new Timeline(
                        span.from(), span.to(), span.millis(), Console.of(console), Network.of(network), samples));
    }

    private Future<List<UsageSample>> samples(RoutingContext ctx) {
        return access.ask(
                ctx,
                new ReadUsage(),
                live -> Future.succeededFuture(live.samples()),
                ended -> usage.find(ended.sessionId()));
    }
}
