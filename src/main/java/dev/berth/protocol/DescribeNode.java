package dev.berth.protocol;

/** Asks the supervisor on {@link Addresses#node} how its node is. */
public record DescribeNode() implements NodeCommand<NodeStatus> {}
