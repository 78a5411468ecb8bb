/**
 * Everything that crosses the event bus: the public API of Berth for verticles in the same JVM or cluster.
 *
 * <p>Send {@link dev.berth.protocol.SessionCommand}s with a {@link dev.berth.protocol.SessionClient}, listen to
 * {@link dev.berth.protocol.SessionEvent}s on the addresses of {@link dev.berth.protocol.Addresses}. All values are immutable
 * records: passed by reference within one JVM, as length-prefixed JSON between nodes.
 */
package dev.berth.protocol;
