package dev.berth.protocol;

/**
 * A command to the part of a node that runs AI tasks.
 *
 * @param <R> its reply
 */
public sealed interface AgentCommand<R extends AgentReply> permits ExecuteTask {}
