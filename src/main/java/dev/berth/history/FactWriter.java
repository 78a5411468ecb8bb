package dev.berth.history;

import dev.berth.history.Fact.ActionsDone;
import dev.berth.history.Fact.ArtifactComplete;
import dev.berth.history.Fact.ArtifactKept;
import dev.berth.history.Fact.ArtifactLost;
import dev.berth.history.Fact.ChunkSealed;
import dev.berth.history.Fact.ObjectStored;
import dev.berth.history.Fact.SessionOver;
import dev.berth.history.Fact.TaskMoved;
import dev.berth.history.Fact.TaskStepped;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import java.time.DateTimeException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes facts to Postgres. */
public final class FactWriter {
    /**
     * SQLSTATE classes of errors in the data itself: data, integrity, size. All others concern Postgres, for example a
     * wrong password or a missing table, and an operator can fix them.
     */
    private static final Set<String> REFUSING = Set.of("22", "23", "54");

    private final Pool pool;

    public FactWriter(Database database) {
        this.pool = database.pool();
    }

    /** Completes when Postgres has all of them; after a failure it has none of several. */
    public Future<Void> write(List<Fact> facts) {
        return facts.size() == 1
                ? write(pool, facts.get(0))
                : pool.withTransaction(connection -> writeAll(connection, facts));
    }

    /** One after the other: statements that are sent together may run in another order. */
    private static Future<Void> writeAll(SqlClient connection, List<Fact> facts) {
        Future<Void> written = Future.succeededFuture();
        for (Fact fact : facts) {
            written = written.compose(before -> write(connection, fact));
        }
        return written;
    }

    private static Future<Void> write(SqlClient client, Fact fact) {
        if (fact instanceof ActionsDone done) {
            return ActionRepository.insert(client, done.actions());
        } else if (fact instanceof ArtifactKept kept) {
            return ArtifactRepository.insert(client, kept);
        } else if (fact instanceof ArtifactComplete complete) {
            return ArtifactRepository.updateSize(client, complete);
        } else if (fact instanceof ArtifactLost lost) {
            return ArtifactRepository.updateLost(client, lost);
        } else if (fact instanceof ObjectStored stored) {
            return ArtifactRepository.updateStored(client, stored);
        } else if (fact instanceof ChunkSealed sealed) {
            return LogChunkRepository.insert(client, List.of(sealed.chunk()));
        } else if (fact instanceof SessionOver over) {
            return NavigationRepository.upsert(client, over.last().sessionId(), over.navigations())
                    .compose(saved -> SessionRepository.update(client, over.last()))
                    .compose(saved -> UsageRepository.save(client, over));
        } else if (fact instanceof TaskMoved moved) {
            return TaskRepository.update(client, moved);
        } else if (fact instanceof TaskStepped stepped) {
            return TaskRepository.insert(client, stepped);
        }
        return Future.failedFuture("unknown fact " + fact);
    }

    /** Whether Postgres refused the data itself, so that a retry would fail too. */
    public static boolean isRefusal(Throwable failure) {
        boolean hasNoForm = failure instanceof IllegalArgumentException
                || failure instanceof ClassCastException
                || failure instanceof ArithmeticException
                || failure instanceof DateTimeException;
        return hasNoForm
                || state(failure)
                        .map(state -> REFUSING.contains(state.substring(0, 2)))
                        .orElse(false);
    }

    private static Optional<String> state(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof PgException known) {
                return Optional.ofNullable(known.getSqlState()).filter(state -> state.length() == 5);
            }
        }
        return Optional.empty();
    }
}
