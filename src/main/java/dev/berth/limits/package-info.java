/**
 * How much one may have of what others need too: a number ({@link dev.berth.limits.CountLimit}), memory
 * ({@link dev.berth.limits.MemoryBudget}), a turn ({@link dev.berth.limits.FairQueue}), so much in a time
 * ({@link dev.berth.limits.Rate}). A new bound is a use of one of these.
 */
package dev.berth.limits;
