package dev.berth.cluster;

import dev.berth.cluster.LeaseEffect.AskPeers;
import dev.berth.cluster.LeaseEffect.Declare;
import dev.berth.cluster.LeaseEffect.EndSessions;
import dev.berth.cluster.LeaseEffect.Register;
import dev.berth.cluster.LeaseEffect.Renew;
import dev.berth.history.NodeRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The logic of a node's lease: what it may believe of itself and of others, by what it heard and when. No Vert.x, no clock, no I/O:
 * every input brings the time, in nanoseconds of one monotonic clock that does not stop with the process.
 *
 * <p>It errs to one side: a node may end its sessions without need, but never keeps them while another may have declared it lost. The
 * exception is the moment after the process was stopped: then it first asks Postgres, for a bounded time.
 */
final class LeaseMachine {
    static final String CUT_OFF =
            "its node could not renew its lease in time: it lost its connection to Postgres, or stood still";
    static final String FENCED = "its node stood still or was cut off, and another declared it lost meanwhile";

    /** So that a connection that is stuck does not stop the renewals. */
    private static final int MAX_IN_FLIGHT = 4;

    private final LeaseTerms terms;

    private Hold hold = Hold.HELD;
    private long epoch;
    /** Until when no other node can have declared this one, by the last renewal. */
    private long heldUntil;
    /** The same, by what the other nodes said. */
    private long excusedUntil;

    private long graceUntil;
    /** When Postgres last answered. */
    private long heardAt;
    /** Since when it has answered without a gap. */
    private long steadySince;

    private boolean steady = true;
    private long tickedAt;
    private long triedAt;
    private long askedAt;
    private int inFlight;
    private boolean ending;
    private boolean declaring;
    /** When the newest reading was sent. */
    private long readAt;

    /** Whether {@link #others} are of a reading. */
    private boolean hasRead;
    /** Those that are present, but for whom this node wants to declare lost. */
    private List<NodeRow> others = List.of();

    private final Judges judges = new Judges();
    private final Sightings sightings;

    /** What a node knows of its own lease. */
    enum Hold {
        /** It has its lease. */
        HELD,
        /** It has ended its sessions, because it can't know; its lease may still turn out to be whole. */
        CUT_OFF,
        /** It has lost its lease, and must register anew. */
        FENCED
    }

    /** A process that has registered: {@code sent} is when it asked for that. */
    LeaseMachine(LeaseTerms terms, long epoch, long sent, long now) {
        this.terms = terms;
        this.sightings = new Sightings(terms.margin());
        this.steadySince = now;
        this.readAt = sent;
        registered(epoch, sent, now);
        this.triedAt = now - terms.renewal();
        this.askedAt = now - terms.question();
        this.tickedAt = now;
    }

    Hold hold() {
        return hold;
    }

    long epoch() {
        return epoch;
    }

    /** The nodes that were alive at the last reading, without this one. */
    List<NodeRow> living() {
        return judges.living();
    }

    /** What may be believed of the lease later, at any time and on any thread. */
    Authority authority() {
        return new Authority(hold, heldUntil - excusedUntil > 0 ? heldUntil : excusedUntil);
    }

    /**
     * How long the node may hold sessions.
     *
     * @param until by the clock of the machine
     */
    record Authority(Hold hold, long until) {
        boolean holds(long now) {
            return hold == Hold.HELD && until - now > 0;
        }
    }

    /**
     * For how long Postgres has been heard without a gap; 0 if it is away. After this answer the next contact begins anew. To a node
     * that was not there at the last reading, or that this one wanted to declare lost, it says what excuses nobody.
     */
    long reachable(String asker, long now) {
        look(now);
        boolean mayBeLost =
                hasRead && others.stream().noneMatch(row -> row.machineId().equals(asker));
        return mayBeLost ? terms.forbearance() : steady ? now - steadySince : 0;
    }

    /** Whether it may judge others. */
    boolean isSettled(long now) {
        look(now);
        return hold == Hold.HELD && steady && now - steadySince >= terms.forbearance();
    }

    private void look(long now) {
        steady = steady && now - heardAt <= terms.gap();
    }

    /**
     * To be called several times a second.
     *
     * @param nowLinked the nodes that can be asked now
     */
    List<LeaseEffect> tick(Set<String> nowLinked, long now) {
        List<LeaseEffect> effects = new ArrayList<>();
        boolean stopped = now - tickedAt > terms.standstill();
        judges.linked(nowLinked, now);
        if (stopped && hold == Hold.HELD && isHeld(tickedAt)) {
            graceUntil = now + (judges.isAlone() ? terms.linking() : terms.grace());
        }
        tickedAt = now;
        look(now);
        if (judges.isAlone() && (isHeld(now) || now - graceUntil >= 0)) {
            excusedUntil = later(excusedUntil, now + terms.linking());
        }
        if (hold == Hold.HELD && !isHeld(now) && now - graceUntil >= 0) {
            hold = Hold.CUT_OFF;
            effects.add(end(CUT_OFF));
        }
        tryAgain(now, stopped, effects);
        if (hold == Hold.HELD && !steady && !judges.isAlone() && now - askedAt >= terms.question()) {
            askedAt = now;
            effects.add(new AskPeers(List.copyOf(judges.ids())));
        }
        return effects;
    }

    private boolean isHeld(long at) {
        return heldUntil - at > 0 || excusedUntil - at > 0;
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    private EndSessions end(String detail) {
        ending = true;
        return new EndSessions(detail);
    }

    private void tryAgain(long now, boolean atOnce, List<LeaseEffect> effects) {
        if (!atOnce && now - triedAt < terms.renewal()) {
            return;
        }
        if (hold == Hold.FENCED && !ending && inFlight == 0 || hold != Hold.FENCED && inFlight < MAX_IN_FLIGHT) {
            triedAt = now;
            inFlight++;
            effects.add(hold == Hold.FENCED ? new Register() : new Renew(epoch));
        }
    }

    /** The process is this node again. */
    void registered(long newEpoch, long sent, long now) {
        epoch = newEpoch;
        hold = Hold.HELD;
        heldUntil = sent + terms.own();
        excusedUntil = heldUntil;
        graceUntil = heldUntil;
        triedAt = now - terms.renewal();
        heard(now);
    }

    /** The attempt to renew or to register came to its end, whatever it was. */
    void attemptOver() {
        inFlight--;
    }

    /**
     * Postgres answered a renewal.
     *
     * @param sent when the renewal was sent
     * @param rows of this node and all others that are present; none if the epoch is not this node's any more
     */
    List<LeaseEffect> renewed(long ofEpoch, long sent, List<NodeRow> rows, long now) {
        if (ofEpoch != epoch || hold == Hold.FENCED) {
            return List.of();
        }
        boolean afresh = !heard(now);
        if (rows.isEmpty()) {
            boolean held = hold == Hold.HELD;
            hold = Hold.FENCED;
            return held ? List.of(end(FENCED)) : List.of();
        }
        heldUntil = later(heldUntil, sent + terms.own());
        if (sent - readAt >= 0) {
            read(sent, rows.subList(1, rows.size()), afresh, now);
        }
        if (hold == Hold.CUT_OFF && isHeld(now)) {
            hold = Hold.HELD;
        }
        return declare(now);
    }

    /** Gives whether there was no gap. */
    private boolean heard(long now) {
        look(now);
        boolean wasSteady = steady;
        if (!steady) {
            steady = true;
            steadySince = now;
        }
        heardAt = now;
        return wasSteady;
    }

    private void read(long sent, List<NodeRow> rows, boolean afresh, long now) {
        if (afresh) {
            sightings.readAfresh(rows, now);
        } else {
            sightings.read(rows, readAt, now);
        }
        List<NodeRow> living = rows.stream()
                .filter(row -> sightings.ageOf(row, now) < terms.lease())
                .toList();
        judges.read(living, readAt);
        readAt = sent;
        hasRead = true;
        others = rows;
    }

    private List<LeaseEffect> declare(long now) {
        if (!isSettled(now)) {
            return List.of();
        }
        List<NodeRow> dead =
                others.stream().filter(row -> !judges.living().contains(row)).toList();
        // Should Postgres be away before the next reading, the rest may be lost.
        others = judges.living();
        if (declaring || dead.isEmpty()) {
            return List.of();
        }
        declaring = true;
        return List.of(new Declare(dead));
    }

    /** The declaration is over, whatever came of it. */
    void declared() {
        declaring = false;
    }

    /** The sessions have ended. */
    void sessionsEnded() {
        ending = false;
    }

    /**
     * The other nodes answered.
     *
     * @param asked when the question was sent
     * @param reachable for how long each has reached Postgres, 0 if not at all; those that did not answer are missing
     */
    void peersSaid(long asked, Map<String, Long> reachable) {
        // Nobody could declare this node before the question: else the answers come too late.
        if (!reachable.keySet().containsAll(judges.ids()) || hold != Hold.HELD || !isHeld(asked)) {
            return;
        }
        long most = reachable.values().stream().mapToLong(Long::longValue).max().orElse(0);
        excusedUntil = later(excusedUntil, asked + terms.forbearance() - most - terms.margin());
    }
}
