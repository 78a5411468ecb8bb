/**
 * Everything that crosses the event bus: the public API of Berth for verticles in the same JVM or cluster.
 *
 * <p>{@link dev.berth.protocol.SessionClient} creates sessions, sends them {@link dev.berth.protocol.SessionCommand}s, hears their
 * {@link dev.berth.protocol.SessionEvent}s and reads what is kept of them; it says what is delivered how often, and how to catch up.
 * The addresses below it are those of {@link dev.berth.protocol.Addresses}. All values are immutable records: passed by reference
 * within one JVM, as length-prefixed JSON between nodes.
 */
package dev.berth.protocol;
