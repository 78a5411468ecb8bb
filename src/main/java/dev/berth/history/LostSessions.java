package dev.berth.history;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.history.SessionQueue.Ended;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Ends sessions that are recorded as live but that no process runs any more. */
public class LostSessions {
    /** The end of all time: no session begins later, by whatever clock. */
    public static final Instant ANY_TIME = Instant.parse("9999-01-01T00:00:00Z");

    private final Database database;
    private final Outbox outbox;
    private final String machineId;
    private final double pricePerHour;
    private final NodeEpoch epoch;

    /**
     * @param machineId the node whose sessions these are
     * @param epoch without which the node ends none: what is recorded as its own may be another process's
     */
    public LostSessions(Database database, Outbox outbox, String machineId, double pricePerHour, NodeEpoch epoch) {
        this.database = database;
        this.outbox = outbox;
        this.machineId = machineId;
        this.pricePerHour = pricePerHour;
        this.epoch = epoch;
    }

    /**
     * A session that waits for a place belongs to no process, unless it ends with the node that was asked. A waiting
     * session may have been claimed since this node counted its own sessions. Its time is by Postgres's clock.
     *
     * <p>Locking a row checks once more that it is this node's and open. The update repeats none of that: Postgres would take the same index
     * for it, and compare each session of a node with each: six seconds for 3,000, in place of half a one.
     *
     * <p>A row that somebody has locked is left out, for the next look: one must not keep the others alive. The lock is {@code for no key
     * update}, since no key changes: a foreign key's lock on the row, as of a transaction that adds a part of the session's log, does not
     * make the row look locked.
     *
     * <p>A session whose Chrome never ran was of no use to its client, so its idempotency key becomes free.
     */
    private static final String FAIL = """
            with lost as (
                select session_id, coalesce(started_at, done.first) as started, navigated.count as navigations,
                    done.count as actions, done.screenshots, done.usd, done.input, done.output, least(now(), greatest($4::timestamptz, created_at, started_at,
                        done.last, navigated.last, (
                            select max(happened_at) from artifacts a where a.session_id = s.session_id))) as ended
                from sessions s
                cross join lateral (
                    select count(*), count(*) filter (where type = 'screenshot' and success) as screenshots,
                        coalesce(sum(cost_usd), 0) as usd,
                        least(coalesce(sum(input_tokens), 0), 9223372036854775807)::bigint as input,
                        least(coalesce(sum(output_tokens), 0), 9223372036854775807)::bigint as output,
                        min(happened_at) as first,
                        max(happened_at + duration_millis * interval '1 millisecond') as last
                    from actions a where a.session_id = s.session_id) done
                cross join lateral (
                    select coalesce(max(seq) + 1, 0) as count, max(happened_at) as last
                    from navigations n where n.session_id = s.session_id) navigated
                where machine_id = $1 and ended_at is null and (claimed_at is not null or created_at < $5::timestamptz)
                    and not session_id = any($6::text[])
                    and case when $9::boolean then queue_number is null or ends_with_node
                        else queue_number is null and (status <> 'creating' or queue is not null)
                            and (claimed_at is null or claimed_at < clock_timestamp() - interval '1 minute') end
                    and %s
                for no key update of s skip locked)
            update sessions s set status = $2, end_reason = $3, end_detail = $7, queue_number = null, queue_deadline = null, start_needs = null,
                action_count = lost.actions, screenshot_count = lost.screenshots, navigation_count = lost.navigations,
                started_at = lost.started, ended_at = lost.ended,
                cost_usd = lost.usd + greatest(0,
                    coalesce(extract(epoch from lost.ended - lost.started)::float8 / 3600 * $8::float8, 0)),
                input_tokens = lost.input, output_tokens = lost.output,
                idempotency_key = case when lost.started is null then null else idempotency_key end
            from lost where s.session_id = lost.session_id
            returning s.session_id, s.user_id, s.status, s.end_reason, s.ended_at, s.bytes_in, s.bytes_out, s.blocked
            """.formatted(NodeEpoch.isMine("$1", "$10"));

    private static final String KILLED =
            "the server that held it was killed; the last seconds of its logs may be missing";
    private static final String FORGOTTEN = "its node no longer runs it";

    /**
     * Ends the sessions that an earlier process of this node left open; gives them. To be called before there are others.
     *
     * @param lastAlive the last time at which that process was certainly alive
     */
    public Future<List<Ended>> failAll(Instant lastAlive) {
        return fail(lastAlive, ANY_TIME, List.of(), KILLED, true);
    }

    private static final String RELEASE = """
            delete from sessions where machine_id = $1 and status = 'creating' and ended_at is null and queue is null
                and created_at < $2::timestamptz and not session_id = any($3::text[])
                and %s
            """.formatted(NodeEpoch.isMine("$1", "$4"));

    /**
     * Removes the rows of failed claims, for example those whose answer was lost, and ends other sessions that this node does not run;
     * gives their number. Rows that wait for a place belong to no node, and stay.
     *
     * @param held the sessions that this node ran, or was about to run, at that time
     */
    public Future<Integer> correct(Instant at, Collection<SessionId> held) {
        return outbox.caughtUp()
                .compose(told -> database.update(RELEASE, machineId, at, Sql.texts(held), epoch.orNull()))
                // A claim that arrives only now is taken back the next time.
                .compose(released ->
                        fail(Instant.EPOCH, at, held, FORGOTTEN, false).map(ended -> ended.size() + released));
    }

    /** @param creating whether also those whose Chrome was not up */
    private Future<List<Ended>> fail(
            Instant lastAlive, Instant createdBefore, Collection<SessionId> held, String detail, boolean creating) {
        Range range = new Range(machineId, lastAlive, createdBefore, held, creating, epoch);
        return fail(database, range, detail, pricePerHour);
    }

    /**
     * The range of sessions to end.
     *
     * @param held not these
     * @param creating whether also those whose Chrome was not up
     * @param epoch without which this process may not end them
     */
    public record Range(
            String machineId,
            Instant lastAlive,
            Instant createdBefore,
            Collection<SessionId> held,
            boolean creating,
            NodeEpoch epoch) {}

    public static Future<List<Ended>> fail(Statements statements, Range range, String detail, double pricePerHour) {
        return statements.list(
                FAIL,
                QueueRepository::ended,
                range.machineId,
                SessionStatus.FAILED.wireName(),
                EndReason.NODE_LOST.wireName(),
                range.lastAlive,
                range.createdBefore,
                Sql.texts(range.held),
                detail,
                pricePerHour,
                range.creating,
                range.epoch.orNull());
    }
}
