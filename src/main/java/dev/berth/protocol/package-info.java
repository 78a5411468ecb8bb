/**
 * Everything that crosses the event bus: the public API of Berth for verticles in the same JVM or cluster.
 *
 * <p>{@link dev.berth.protocol.SessionClient} creates sessions, sends them {@link dev.berth.protocol.SessionCommand}s, hears their
 * {@link dev.berth.protocol.SessionEvent}s and reads what is kept of them; it says what is delivered how often, and how to catch up.
 * The addresses below it are those of {@link dev.berth.protocol.Addresses}. All values are immutable records: passed by reference
 * within one JVM, as length-prefixed JSON between nodes.
 *
 * <p><b>Two versions.</b> While a cluster is restarted node by node, nodes of two neighbouring versions talk, and read each other's
 * rows and logs. A newer one may add messages, fields and constants; nothing is renamed, removed or given another meaning. What a
 * node does with what it does not know depends on whether it was asked or told:
 *
 * <ul>
 *   <li>An <b>unknown field</b> is ignored. So a field is new only if its message is right without it; else the message is new. The
 *       older version does not send it: it is absent, or its default is right.
 *   <li>An <b>order</b> (a command) is understood whole or refused: an unknown command, and an unknown constant in a known one, with
 *       {@link dev.berth.protocol.ErrorCode#NOT_READY}, as a node of the newer version may take it.
 *   <li>What is <b>told</b> (replies, events, rows, log entries) is understood as far as possible: an unknown constant is the one
 *       that its enum has for that ({@code UNKNOWN}, for example), an unknown error number is
 *       {@link dev.berth.protocol.ErrorCode#INTERNAL}. An unknown event is left out, and the bus logs it; in a list, that
 *       one alone.
 *   <li>The reply to a command is always of the same type: one of an unknown type is dropped by the bus, so the request would time out.
 *   <li>Enums without such a constant are <b>frozen</b>: readers rely on knowing all of theirs. A version that adds one only reads it;
 *       the next one tells it. Those that only orders have need not be.
 * </ul>
 *
 * <p>{@code VersionsTest} feeds every message with what is unknown, and holds what was released.
 */
package dev.berth.protocol;
