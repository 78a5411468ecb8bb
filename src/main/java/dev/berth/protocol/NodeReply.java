package dev.berth.protocol;

/** A reply of a supervisor. */
public sealed interface NodeReply permits SessionAccepted, NodeStatus, LostEnded {}
