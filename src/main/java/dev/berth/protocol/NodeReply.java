package dev.berth.protocol;

/** A reply of a supervisor. */
public sealed interface NodeReply permits SessionAccepted, NodeStatus, NodeReply.LostEnded {
    /** The row of the lost session says that it has ended. */
    record LostEnded() implements NodeReply {}
}
