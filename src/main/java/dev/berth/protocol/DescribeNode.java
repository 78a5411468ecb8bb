package dev.berth.protocol;

/** Asks the supervisor on {@link Addresses#node} for the status of its node. */
public record DescribeNode() implements NodeCommand<NodeStatus> {}
