package dev.berth.protocol;

/** What a supervisor replies. */
public sealed interface NodeReply permits SessionAccepted, NodeStatus, LostEnded {}
