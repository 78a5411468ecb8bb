package dev.berth.cluster;

/**
 * Of a node's lease and its cluster.
 *
 * @param nodes those that are alive, this one too
 * @param ageMillis how long ago the lease was renewed
 * @param rejoins how often this node had to register anew, or had ended its sessions because it was cut off
 * @param lost how many other nodes this one declared lost
 */
public record LeaseFigures(int nodes, long ageMillis, long rejoins, long lost) {}
