package dev.berth.protocol;

/**
 * A command to a supervisor.
 *
 * @param <R> its reply
 */
public sealed interface NodeCommand<R extends NodeReply> permits CreateSession, DescribeNode, DrainNode, EndLost {}
