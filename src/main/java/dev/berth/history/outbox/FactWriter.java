package dev.berth.history.outbox;

import dev.berth.database.Database;
import dev.berth.database.Statements;
import dev.berth.history.ActionRepository;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.Fact;
import dev.berth.history.Fact.ActionsDone;
import dev.berth.history.Fact.ArtifactComplete;
import dev.berth.history.Fact.ArtifactKept;
import dev.berth.history.Fact.ArtifactLost;
import dev.berth.history.Fact.ChunkSealed;
import dev.berth.history.Fact.ObjectStored;
import dev.berth.history.Fact.SessionOver;
import dev.berth.history.Fact.TaskMoved;
import dev.berth.history.Fact.TaskStepped;
import dev.berth.history.LogChunkRepository;
import dev.berth.history.SessionRepository;
import dev.berth.history.UsageRepository;
import dev.berth.history.task.TaskRepository;
import io.vertx.core.Future;
import java.util.List;

/** Writes facts to Postgres. */
public final class FactWriter {
    private final Database database;

    public FactWriter(Database database) {
        this.database = database;
    }

    /** Completes when Postgres has all of them; after a failure it has none of several. */
    public Future<Void> write(List<Fact> facts) {
        return facts.size() == 1
                ? write(database, facts.get(0))
                : database.longTransaction(together -> writeAll(together, facts));
    }

    /** Writes the facts one after the other: statements that are sent together may run in another order. */
    private static Future<Void> writeAll(Statements together, List<Fact> facts) {
        Future<Void> written = Future.succeededFuture();
        for (Fact fact : facts) {
            written = written.compose(before -> write(together, fact));
        }
        return written;
    }

    private static Future<Void> write(Statements statements, Fact fact) {
        if (fact instanceof ActionsDone done) {
            return ActionRepository.insert(statements, done.actions());
        } else if (fact instanceof ArtifactKept kept) {
            return ArtifactRepository.insert(statements, kept);
        } else if (fact instanceof ArtifactComplete complete) {
            return ArtifactRepository.updateSize(statements, complete);
        } else if (fact instanceof ArtifactLost lost) {
            return ArtifactRepository.updateLost(statements, lost);
        } else if (fact instanceof ObjectStored stored) {
            return ArtifactRepository.updateStored(statements, stored);
        } else if (fact instanceof ChunkSealed sealed) {
            return LogChunkRepository.insert(statements, sealed.chunk());
        } else if (fact instanceof SessionOver over) {
            return SessionRepository.upsert(statements, over.last().sessionId(), over.navigations())
                    .compose(saved -> SessionRepository.update(statements, over.last()))
                    .compose(saved -> UsageRepository.save(statements, over));
        } else if (fact instanceof TaskMoved moved) {
            return TaskRepository.update(statements, moved);
        } else if (fact instanceof TaskStepped stepped) {
            return TaskRepository.insert(statements, stepped);
        }
        return Future.failedFuture("unknown fact " + fact);
    }
}
