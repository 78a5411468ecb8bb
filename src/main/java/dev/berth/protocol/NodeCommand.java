package dev.berth.protocol;

/**
 * A command to a supervisor.
 *
 * @param <R> its reply
 */
public sealed interface NodeCommand<R extends NodeReply>
        permits AskPostgres, CreateSession, DescribeNode, DrainNode, EndLost {}
