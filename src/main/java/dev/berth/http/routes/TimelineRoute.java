package dev.berth.http.routes;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.history.ReportRepository;
import dev.berth.history.UsageRepository;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.routes.TimelineRoute.LogCounts.Buckets;
import dev.berth.logs.LogReader;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.LogLines.Condition;
import dev.berth.protocol.LogLines.FieldBegins;
import dev.berth.protocol.LogLines.FieldIs;
import dev.berth.protocol.SessionCommand.ReadUsage;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.StepEntry;
import dev.berth.protocol.StepEntry.StepKind;
import dev.berth.protocol.Truncation;
import dev.berth.protocol.UsageSample;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code GET …/timeline}: what happened when, as numbers. The logs are counted on workers. For any event loop. */
public final class TimelineRoute {
    private static final int DEFAULT_BUCKETS = 400;

    private final ReadableLogs logs;
    private final SessionAccess access;
    private final UsageRepository usage;
    private final ReportRepository reports;

    public TimelineRoute(ReadableLogs logs, SessionAccess access, UsageRepository usage, ReportRepository reports) {
        this.access = access;
        this.reports = reports;
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
            Instant from,
            Instant to,
            long bucketMillis,
            Console console,
            Network network,
            List<UsageSample> usage,
            List<StepSpan> steps) {}

    /** A step of the client's on the time line: what it was is read from the list of steps. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record StepSpan(
            String stepId,
            String title,
            StepKind kind,
            Instant startedAt,
            long duration,
            boolean failed,
            Optional<String> parentId) {
        /** Limit for titles here, which a client chooses: characters. */
        private static final int MAX_TITLE = 200;

        static StepSpan of(StepEntry step) {
            return new StepSpan(
                    step.stepId(),
                    Truncation.ellipsis(step.title(), MAX_TITLE),
                    step.kind(),
                    step.startedAt(),
                    step.duration(),
                    step.error().isPresent(),
                    step.parentId());
        }
    }

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
        // The logs are read one after the other: a user has few such reads at the same time.
        return logs.visit(ctx, LogKind.CONSOLE, console)
                .compose(counted -> logs.visit(ctx, LogKind.NETWORK, network))
                .compose(counted -> samples(ctx))
                .compose(samples -> reports.steps(SessionAccess.id(ctx), 0, ReportRepository.MAX_STEPS)
                        .map(steps -> new Timeline(
                                span.from(),
                                span.to(),
                                span.millis(),
                                Console.of(console),
                                Network.of(network),
                                samples,
                                steps.steps().stream().map(StepSpan::of).toList())));
    }

    private Future<List<UsageSample>> samples(RoutingContext ctx) {
        return access.ask(
                ctx,
                new ReadUsage(),
                live -> Future.succeededFuture(live.samples()),
                ended -> usage.find(ended.sessionId()));
    }

    /**
     * Counts the entries of a log by their time and kind. Each kind but the last has a condition: an entry is of the first kind whose condition
     * it meets, and of the last kind where it meets none. Used by one thread at a time.
     */
    static final class LogCounts implements LogReader.Visitor {
        /** The conditions of the kinds of console lines: error, warning; the third kind is all others. */
        static final List<Condition> LEVELS =
                List.of(new FieldIs("level", "\"error\""), new FieldIs("level", "\"warn\""));

        /**
         * The conditions of the kinds of requests: a WebSocket's opening, which is counted at its end; without a response; with a status of
         * 4xx; of 5xx. The fifth kind is all others, which went well.
         */
        static final List<Condition> OUTCOMES = List.of(
                new FieldBegins("messages", "{\"state\":\"open\""),
                new FieldBegins("error", "\""),
                new FieldBegins("status", "4"),
                new FieldBegins("status", "5"));

        private final Buckets buckets;
        private final List<List<Condition>> kinds;
        private final int[][] counts;

        LogCounts(Buckets buckets, List<Condition> kinds) {
            this.buckets = buckets;
            this.kinds = kinds.stream().map(List::of).toList();
            this.counts = new int[kinds.size() + 1][buckets.count()];
        }

        /** A span of time in equal parts; the last one may go on beyond its end. */
        record Buckets(Instant from, Instant to, long millis, int count) {
            /** @param most how many parts there are at most; they are of whole milliseconds */
            static Buckets of(Instant from, Instant to, int most) {
                long span = Math.max(1, to.toEpochMilli() - from.toEpochMilli());
                long millis = (span + most - 1) / most;
                return new Buckets(from, to, millis, (int) ((span + millis - 1) / millis));
            }

            /** The column of a time; an earlier or later time is in the first or in the last column. */
            int of(long epochMillis) {
                return (int) Math.max(0, Math.min(count - 1, (epochMillis - from.toEpochMilli()) / millis));
            }
        }

        @Override
        public void look(long first, LogLines lines, int from, int to) {
            for (int i = from; i < to; i++) {
                counts[kind(lines, i)][buckets.of(lines.millis(i))]++;
            }
        }

        private int kind(LogLines lines, int index) {
            int kind = 0;
            while (kind < kinds.size() && !lines.matches(index, kinds.get(kind))) {
                kind++;
            }
            return kind;
        }

        /** How many entries of a kind there are: one number for each part of the span. */
        int[] of(int kind) {
            return counts[kind];
        }

        /** How many there are of the kinds from {@code first} on, before {@code end}: one number for each part of the span. */
        int[] between(int first, int end) {
            int[] sum = new int[buckets.count()];
            for (int k = first; k < end; k++) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += counts[k][i];
                }
            }
            return sum;
        }
    }
}
