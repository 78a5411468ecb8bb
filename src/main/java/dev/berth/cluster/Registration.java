package dev.berth.cluster;

import dev.berth.history.node.NodeRepository;
import dev.berth.history.node.NodeRepository.Applicant;
import dev.berth.history.node.NodeRow;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes a process the node that its data directory names. A copy of that directory has the same name, and its process may be alive: so
 * this watches the counter in a row of another place for a while first.
 */
final class Registration {
    /** A living node raises its counter three times meanwhile. */
    private static final long WATCH_MILLIS = 6_000;

    private final Vertx vertx;
    private final NodeRepository nodes;
    private final String machineId;
    private final Applicant process;
    private final long watchMillis;

    Registration(Vertx vertx, NodeRepository nodes, String machineId, Applicant process) {
        this(vertx, nodes, machineId, process, WATCH_MILLIS);
    }

    Registration(Vertx vertx, NodeRepository nodes, String machineId, Applicant process, long watchMillis) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.machineId = machineId;
        this.process = process;
        this.watchMillis = watchMillis;
    }

    /** Gives the epoch. Fails with {@link ErrorCode#CONFLICT} where another process is this node. */
    Future<Long> register() {
        return nodes.find().compose(found -> isFree(found) ? take(found) : watch(found));
    }

    /** A row with this process's place is an earlier process's: this process has locked the data directory of that place. */
    private boolean isFree(Optional<NodeRow> found) {
        return found.filter(row -> row.present() && !row.place().equals(process.place()))
                .isEmpty();
    }

    private Future<Long> watch(Optional<NodeRow> found) {
        return vertx.timer(watchMillis, TimeUnit.MILLISECONDS).compose(watched -> take(found));
    }

    /** The statement takes the row only as it was found: another process that lives has raised its counter, or registered. */
    private Future<Long> take(Optional<NodeRow> found) {
        return nodes.register(process, found)
                .compose(epoch -> epoch.map(Future::succeededFuture)
                        .orElseGet(
                                () -> nodes.find().compose(other -> isFree(other) ? register() : refuse(other.get()))));
    }

    private Future<Long> refuse(NodeRow other) {
        return Future.failedFuture(new BerthException(
                ErrorCode.CONFLICT,
                "another Berth already runs as node " + machineId + ", at " + other.host() + ":" + other.requestPort()
                        + ", and alive: does data-dir (BERTH_DATA_DIR) hold a copy of its data directory? Give this one a directory"
                        + " of its own, or remove the file machine-id from the copy"));
    }
}
