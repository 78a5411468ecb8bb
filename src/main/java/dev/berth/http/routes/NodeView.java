package dev.berth.http.routes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.berth.history.NodeRow;
import dev.berth.protocol.NodeStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A node, for its operator.
 *
 * @param self whether it answers this request
 * @param state what the cluster takes it for
 * @param leaseAgeMillis how long ago it renewed its lease
 * @param since when its process registered
 * @param left when it was lost or stopped
 */
@JsonInclude(Include.NON_ABSENT)
public record NodeView(
        String machineId,
        boolean self,
        boolean alive,
        State state,
        boolean draining,
        int capacity,
        int creating,
        int running,
        int queued,
        int warm,
        Optional<String> chrome,
        Optional<String> version,
        Optional<String> host,
        Optional<Long> leaseAgeMillis,
        Optional<Instant> since,
        Optional<Instant> left) {
    /** Of a node. */
    public enum State {
        /** It renews its lease. */
        ALIVE,
        /** It starts, and can't take sessions yet. */
        JOINING,
        /** It has not renewed its lease in time, and is about to be declared lost. */
        SILENT,
        /** Another node declared it lost, and ended its sessions. */
        LOST,
        /** It was stopped. */
        STOPPED;

        @JsonValue
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final NodeStatus NOTHING = new NodeStatus("", 0, 0, 0, 0, 0, 0, "", true, false);

    /** The only node where there is no cluster. */
    static NodeView alone(NodeStatus status) {
        return new NodeView(
                status.machineId(),
                true,
                true,
                State.ALIVE,
                status.draining(),
                status.capacity(),
                status.creating(),
                status.running(),
                status.queued(),
                status.warm(),
                Optional.of(status.chrome()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** @param leaseMillis how long a lease holds */
    static NodeView of(NodeRow row, boolean self, long leaseMillis) {
        State state = state(row, leaseMillis);
        boolean here = state == State.ALIVE || state == State.SILENT;
        NodeStatus status = row.status().filter(told -> here).orElse(NOTHING);
        return new NodeView(
                row.machineId(),
                self,
                state == State.ALIVE || state == State.JOINING,
                state,
                status.draining(),
                status.capacity(),
                status.creating(),
                status.running(),
                status.queued(),
                status.warm(),
                Optional.of(status.chrome()).filter(told -> here),
                Optional.of(row.version()).filter(known -> !known.isEmpty()),
                Optional.of(row.host()),
                Optional.of(row.ageMillis()),
                Optional.of(row.registeredAt()),
                row.lostAt().or(row::releasedAt));
    }

    private static State state(NodeRow row, long leaseMillis) {
        if (row.present()) {
            return row.ageMillis() > leaseMillis ? State.SILENT : row.status().isEmpty() ? State.JOINING : State.ALIVE;
        }
        return row.lostAt().isPresent() ? State.LOST : State.STOPPED;
    }
}
