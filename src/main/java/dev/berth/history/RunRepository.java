package dev.berth.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs: the sessions of a user with one {@code metadata.run}. A run has tests, each of one {@code metadata.project}, {@code metadata.file}
 * and {@code metadata.title} (without it, the session's name); a test has tries, which are its sessions, oldest first. Thread-safe.
 */
public final class RunRepository {
    /** Labels that tell the tests of a run from one another; the others are labels of the run. */
    private static final Set<String> OF_TESTS = Set.of("run", "project", "file", "title", "retry");

    private final Database database;
    private final Outbox outbox;

    public RunRepository(Database database, Outbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /**
     * A run.
     *
     * @param startedAt when its first session was created
     * @param endedAt when its last session ended; empty while one lives
     * @param tests how many tests it has
     * @param verdicts how many of them ended how: {@code passed}, {@code failed}, {@code flaky} (failed, then passed by another try),
     *     {@code skipped}, {@code interrupted}, {@code running}, {@code unknown}
     * @param sessions how many tries it has
     * @param costUsd of all sessions, US dollars
     * @param labels of its newest session, without those of tests
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Run(
            String run,
            Instant startedAt,
            Optional<Instant> endedAt,
            long tests,
            Map<String, Long> verdicts,
            long sessions,
            double costUsd,
            Map<String, String> labels) {}

    /** A part of the list of runs, newest first. */
    public record Runs(List<Run> runs, long total, boolean hasMore) {}

    /**
     * A test of a run.
     *
     * @param verdict see {@link Run#verdicts}
     */
    public record RunTest(String project, String file, String title, String verdict, List<Try> tries) {}

    /**
     * A session as a try of a test.
     *
     * @param verdict that of the test, had it this try alone
     * @param reason why it failed: the client's, else that of the AI task, else of Chrome
     * @param duration milliseconds from the session's start to its end, or to now
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Try(
            SessionId sessionId,
            String verdict,
            Optional<String> reason,
            Optional<String> retry,
            Instant createdAt,
            Optional<Instant> endedAt,
            long duration,
            ErrorCounts errors,
            double costUsd) {}

    /** A run with a part of its tests: those that failed first. */
    public record RunTests(Run run, List<RunTest> tests, long total, boolean hasMore) {}

    /**
     * How a test ended in a run.
     *
     * @param sessionId of its last try
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Mark(
            String run,
            String verdict,
            SessionId sessionId,
            Optional<String> reason,
            Instant createdAt,
            long duration,
            Map<String, String> labels) {}

    /**
     * A test in the latest runs that have it.
     *
     * @param marks newest first
     * @param failingSince the first of the failures that end {@code marks}; empty where the test did not fail the last time
     * @param lastPassed a session in which the test passed, the latest
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record TestHistory(List<Mark> marks, Optional<Instant> failingSince, Optional<SessionId> lastPassed) {}

    /** How a try ended. An AI task is the work of its session, where the client tells no outcome. */
    private static final String VERDICT = """
            case when outcome in ('failed', 'timedOut') then 'failed' when outcome is not null then outcome
                when ended_at is null then 'running' when status = 'failed' then 'failed'
                when end_reason = 'task_finished' then 'passed' else 'unknown' end
            """;

    private static final String PROJECT = "coalesce(metadata ->> 'project', '')";
    private static final String FILE = "coalesce(metadata ->> 'file', '')";
    private static final String TITLE = "coalesce(metadata ->> 'title', name, '')";

    /** The tests of runs: {@code tries} has the sessions; gives run, test_hash, verdict. */
    private static final String JUDGED = """
            tries as (select *, %s as verdict from sessions where user_id = $1 and run %s),
            judged as (
                select run, test_hash, case when last = 'passed' and fails then 'flaky' else last end as verdict from (
                    select run, test_hash, (array_agg(verdict order by created_at desc))[1] as last,
                        bool_or(verdict = 'failed') as fails
                    from tries group by run, test_hash) tests)
            """;

    private static final String COLUMNS = """
            t.run, min(t.created_at) as started_at, case when bool_and(t.ended_at is not null) then max(t.ended_at) end as ended_at,
            count(*) as sessions, sum(t.cost_usd) as cost_usd,
            (array_agg(t.metadata order by t.created_at desc))[1] as metadata,
            (select json_object_agg(verdict, many) from (
                select verdict, count(*) as many from judged j where j.run = t.run group by verdict) counted) as verdicts
            """;

    private static final String LIST =
            """
            with picked as (
                select run, max(created_at) as newest, count(*) over () as total from sessions
                where user_id = $1 and run is not null group by run order by newest desc, run limit $2 offset $3),
            """ + JUDGED.formatted(VERDICT, "in (select run from picked)") + " select " + COLUMNS
                    + ", p.newest, p.total from tries t join picked p using (run) group by t.run, p.newest, p.total"
                    + " order by p.newest desc, t.run";

    /** The runs of a user, newest first. */
    public Future<Runs> list(long user, int limit, long offset) {
        return outbox.caughtUp()
                .compose(told -> database.rows(LIST, user, limit, offset))
                .map(rows -> {
                    List<Run> runs = rows.stream().map(RunRepository::run).toList();
                    long total = runs.isEmpty() ? 0 : rows.iterator().next().getLong("total");
                    return new Runs(runs, total, offset + runs.size() < total);
                });
    }

    private static Run run(Row row) {
        Map<String, Long> verdicts = new LinkedHashMap<>();
        ((JsonObject) row.getJson("verdicts"))
                .forEach(one -> verdicts.put(one.getKey(), ((Number) one.getValue()).longValue()));
        return new Run(
                row.getString("run"),
                Sql.instant(row, "started_at"),
                Sql.optionalInstant(row, "ended_at"),
                verdicts.values().stream().mapToLong(Long::longValue).sum(),
                verdicts,
                row.getLong("sessions"),
                Math.max(0, row.getDouble("cost_usd")),
                labels(row));
    }

    private static Map<String, String> labels(Row row) {
        Map<String, String> labels = new LinkedHashMap<>(
                Sql.parse(row.getJsonObject("metadata"), new TypeReference<Map<String, String>>() {}));
        labels.keySet().removeAll(OF_TESTS);
        return labels;
    }

    private static final String ONE =
            "with " + JUDGED.formatted(VERDICT, "= $2") + " select " + COLUMNS + " from tries t group by t.run";

    private static final String REASON = """
            coalesce(outcome_reason, (select error from tasks where tasks.session_id = s.session_id and error is not null
                order by started_at desc limit 1), end_detail)
            """;

    private static final String MILLIS = """
            greatest(0, coalesce(extract(epoch from coalesce(s.ended_at, now()) - s.started_at) * 1000, 0))::bigint
            """;

    private static final String TESTS =
            "with " + JUDGED.formatted(VERDICT, "= $2") + """
            , picked as (
                select test_hash, verdict, array_position(array['failed', 'flaky', 'interrupted', 'running', 'unknown', 'passed'], verdict)
                    as place, count(*) over () as total
                from judged order by place nulls last, (select min(created_at) from tries t where t.test_hash = judged.test_hash),
                    test_hash
                limit $3 offset $4)
            select p.total, p.verdict, p.place, p.test_hash, json_agg(json_build_object(
                'session_id', s.session_id, 'verdict', s.verdict, 'reason', left(%s, 4000), 'retry', left(metadata ->> 'retry', 20),
                'created_at', s.created_at, 'ended_at', s.ended_at, 'millis', %s, 'failed_actions', s.failed_actions,
                'console_errors', s.console_errors, 'failed_requests', s.failed_requests, 'cost_usd', s.cost_usd)
                order by s.created_at) as tries,
                (array_agg(%s order by s.created_at))[1] as project, (array_agg(%s order by s.created_at))[1] as file,
                (array_agg(%s order by s.created_at))[1] as title, min(s.created_at) as started_at
            from picked p join tries s using (test_hash) group by p.total, p.verdict, p.place, p.test_hash
            order by p.place nulls last, started_at, p.test_hash
            """.formatted(REASON, MILLIS, PROJECT, FILE, TITLE);

    /** A run of a user with its tests, those that failed first; empty where the user has no such run. */
    public Future<Optional<RunTests>> find(long user, String run, int limit, long offset) {
        return outbox.caughtUp()
                .compose(told -> database.first(ONE, RunRepository::run, user, run))
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(Optional.<RunTests>empty())
                        : database.list(TESTS, RunRepository::test, user, run, limit, offset)
                                .map(tests -> Optional.of(new RunTests(
                                        found.get(),
                                        tests,
                                        found.get().tests(),
                                        offset + tests.size() < found.get().tests()))));
    }

    private static RunTest test(Row row) {
        return new RunTest(
                row.getString("project"),
                row.getString("file"),
                row.getString("title"),
                row.getString("verdict"),
                row.getJsonArray("tries").stream()
                        .map(JsonObject.class::cast)
                        .map(RunRepository::attempt)
                        .toList());
    }

    private static Try attempt(JsonObject one) {
        return new Try(
                new SessionId(one.getString("session_id")),
                one.getString("verdict"),
                Optional.ofNullable(one.getString("reason")),
                Optional.ofNullable(one.getString("retry")),
                OffsetDateTime.parse(one.getString("created_at")).toInstant(),
                Optional.ofNullable(one.getString("ended_at"))
                        .map(at -> OffsetDateTime.parse(at).toInstant()),
                one.getLong("millis"),
                new ErrorCounts(
                        one.getLong("failed_actions"), one.getLong("console_errors"), one.getLong("failed_requests")),
                Math.max(0, one.getDouble("cost_usd")));
    }

    private static final String OF_TEST =
            "user_id = $1 and run is not null and test_hash = md5($2 || chr(1) || $3 || chr(1) || $4)";

    private static final String HISTORY = """
            with tries as (select *, %1$s as verdict from sessions where %2$s),
            tests as (
                select run, max(created_at) as newest, (array_agg(verdict order by created_at desc))[1] as last,
                    (array_agg(session_id order by created_at desc))[1] as last_id, bool_or(verdict = 'failed') as fails
                from tries group by run order by newest desc limit $5)
            select t.run, case when last = 'passed' and fails then 'flaky' else last end as verdict, s.session_id,
                left(%3$s, 4000) as reason, s.created_at, %4$s as millis, s.metadata
            from tests t join tries s on s.session_id = t.last_id order by t.newest desc
            """.formatted(VERDICT, OF_TEST, REASON, MILLIS);

    private static final String LAST_PASSED = "select session_id from sessions where " + OF_TEST + " and " + VERDICT
            + " = 'passed' order by created_at desc limit 1";

    /** A test of a user in the latest runs that have it, at most {@code limit}. */
    public Future<TestHistory> history(long user, String project, String file, String title, int limit) {
        return outbox.caughtUp()
                .compose(told -> database.list(HISTORY, RunRepository::mark, user, project, file, title, limit))
                .compose(marks -> database.first(
                                LAST_PASSED,
                                row -> new SessionId(row.getString("session_id")),
                                user,
                                project,
                                file,
                                title)
                        .map(passed -> new TestHistory(marks, failingSince(marks), passed)));
    }

    private static Mark mark(Row row) {
        return new Mark(
                row.getString("run"),
                row.getString("verdict"),
                new SessionId(row.getString("session_id")),
                Sql.optional(row, "reason"),
                Sql.instant(row, "created_at"),
                row.getLong("millis"),
                labels(row));
    }

    private static Optional<Instant> failingSince(List<Mark> marks) {
        return marks.stream()
                .takeWhile(mark -> mark.verdict().equals("failed"))
                .reduce((newer, older) -> older)
                .map(Mark::createdAt);
    }
}
