package dev.berth.protocol;

/** A reply to an {@link AgentCommand} or a {@link TaskCommand}. */
public sealed interface AgentReply permits TaskView {}
