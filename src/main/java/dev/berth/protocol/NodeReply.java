package dev.berth.protocol;

import dev.berth.protocol.NodeCommand.NodeStatus;
import dev.berth.protocol.NodeCommand.SessionAccepted;

/** A reply of a supervisor. */
public sealed interface NodeReply permits SessionAccepted, NodeStatus, NodeReply.LostEnded {
    /** The row of the lost session says that it has ended. */
    record LostEnded() implements NodeReply {}
}
