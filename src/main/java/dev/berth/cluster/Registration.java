package dev.berth.cluster;

import dev.berth.history.NodeRepository;
import dev.berth.history.NodeRepository.Applicant;
import dev.berth.history.NodeRow;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes a process the node that its data directory names. A copy of that directory has the same name, and its process may be alive: so
 * a row of another place is watched until it is lost, released, or has not been renewed for a whole lease.
 */
final class Registration {
    private static final long LOOK_MILLIS = 500;

    private final Vertx vertx;
    private final NodeRepository nodes;
    private final String machineId;
    private final Applicant process;
    private final LeaseTerms terms;

    Registration(Vertx vertx, NodeRepository nodes, String machineId, Applicant process, LeaseTerms terms) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.machineId = machineId;
        this.process = process;
        this.terms = terms;
    }

    /**
     * A success.
     *
     * @param sent when it was asked for, by {@link System#nanoTime}
     */
    record Registered(long epoch, long sent) {}

    /** What a row says about who is the node. */
    enum Verdict {
        /** Nobody is: take its place. */
        TAKE,
        /** It can't be known yet. */
        WATCH,
        /** Another process is. */
        REFUSE
    }

    /**
     * Judges the row by two looks at it.
     *
     * @param watched how long after the first look the second one is
     */
    Verdict judge(Optional<NodeRow> first, Optional<NodeRow> now, long watched) {
        if (now.filter(NodeRow::present).isEmpty() || now.get().place().equals(process.place())) {
            // Whoever has this place has its lock: what is there is of an earlier process.
            return Verdict.TAKE;
        }
        boolean same = first.filter(NodeRow::present).isPresent()
                && first.get().epoch() == now.get().epoch()
                && first.get().renewals() == now.get().renewals();
        return !same ? Verdict.REFUSE : watched >= terms.lease() ? Verdict.TAKE : Verdict.WATCH;
    }

    /** Fails with {@link ErrorCode#CONFLICT} where another process is this node. */
    Future<Registered> register() {
        return nodes.find().compose(first -> look(first, first, System.nanoTime()));
    }

    private Future<Registered> look(Optional<NodeRow> first, Optional<NodeRow> now, long since) {
        return switch (judge(first, now, System.nanoTime() - since)) {
            case TAKE -> take(now);
            case REFUSE -> refuse(now.orElseThrow());
            case WATCH ->
                vertx.timer(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                        .compose(rested -> nodes.find())
                        .compose(then -> look(first, then, since));
        };
    }

    private Future<Registered> take(Optional<NodeRow> instead) {
        long sent = System.nanoTime();
        return nodes.register(process, instead)
                .compose(epoch -> epoch.map(taken -> Future.succeededFuture(new Registered(taken, sent)))
                        .orElseGet(() -> nodes.find()
                                .compose(found -> found.map(this::refuse).orElseGet(this::register))));
    }

    private Future<Registered> refuse(NodeRow other) {
        return Future.failedFuture(new BerthException(
                ErrorCode.CONFLICT,
                "another Berth is the node " + machineId + ", at " + other.host() + ":" + other.requestPort()
                        + ", and alive: does data-dir (BERTH_DATA_DIR) hold a copy of its data directory? Give this one a directory"
                        + " of its own, or remove the file machine-id from the copy"));
    }
}
