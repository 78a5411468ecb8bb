package dev.berth.http.admin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.berth.history.node.NodeRow;
import dev.berth.protocol.NodeCommand.NodeStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A node, for its operator.
 *
 * @param self whether it answers this request
 * @param state what the cluster takes it for
 * @param status all zero where the node does not tell
 * @param heartbeatAgeMillis how long ago it told that it lives
 * @param since when its process registered
 * @param left when it was lost or stopped
 */
@JsonInclude(Include.NON_ABSENT)
public record NodeView(
        String machineId,
        boolean self,
        boolean alive,
        State state,

        @JsonUnwrapped @JsonIgnoreProperties({"machineId", "created", "chrome", "sandboxed"})
        NodeStatus status,

        Optional<String> chrome,
        Optional<String> version,
        Optional<String> host,
        Optional<Long> heartbeatAgeMillis,
        Optional<Instant> since,
        Optional<Instant> left) {
    /** The state of a node. */
    public enum State {
        /** The node tells that it lives. */
        ALIVE,
        /** The node starts, and can't take sessions yet. */
        JOINING,
        /** The node has told nothing for some seconds, and may be declared lost. */
        SILENT,
        /** Another node declared it lost, and ended its sessions. */
        LOST,
        /** The node was stopped. */
        STOPPED;

        @JsonValue
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A node tells that it lives every 2 s. */
    private static final long SILENT_MILLIS = 10_000;

    private static final NodeStatus NOTHING = new NodeStatus("", 0, 0, 0, 0, 0, 0, "", true, false);

    /** The only node where there is no cluster. */
    static NodeView alone(NodeStatus status) {
        return new NodeView(
                status.machineId(),
                true,
                true,
                State.ALIVE,
                status,
                Optional.of(status.chrome()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static NodeView of(NodeRow row, boolean self) {
        State state = state(row);
        boolean here = state == State.ALIVE || state == State.SILENT;
        NodeStatus status = row.status().filter(told -> here).orElse(NOTHING);
        return new NodeView(
                row.machineId(),
                self,
                state == State.ALIVE || state == State.JOINING,
                state,
                status,
                Optional.of(status.chrome()).filter(told -> here),
                Optional.of(row.version()).filter(known -> !known.isEmpty()),
                Optional.of(row.host()),
                Optional.of(row.ageMillis()),
                Optional.of(row.registeredAt()),
                row.lostAt().or(row::releasedAt));
    }

    private static State state(NodeRow row) {
        if (row.present()) {
            return row.ageMillis() > SILENT_MILLIS
                    ? State.SILENT
                    : row.status().isEmpty() ? State.JOINING : State.ALIVE;
        }
        return row.lostAt().isPresent() ? State.LOST : State.STOPPED;
    }
}
