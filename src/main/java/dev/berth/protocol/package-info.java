/**
 * Everything that crosses the event bus: the public API of Berth for verticles in the same JVM or cluster.
 *
 * <p>{@link dev.berth.protocol.SessionClient} creates sessions, sends them {@link dev.berth.protocol.SessionCommand}s, hears their
 * {@link dev.berth.protocol.SessionEvent}s and reads what is kept of them; it says what is delivered how often, and how to catch up.
 * The addresses below it are those of {@link dev.berth.protocol.Addresses}. All values are immutable records: passed by reference
 * within one JVM, as length-prefixed JSON between nodes.
 *
 * <p><b>One set of records, three forms of JSON.</b> {@link dev.berth.protocol.ProtocolJson#MAPPER} reads and writes them for the bus, for
 * rows and for log lines, with their secrets. {@link dev.berth.protocol.ClientJson} reads requests of clients into them: strictly, and
 * with errors that name the field. {@link dev.berth.protocol.ShownJson} writes answers to clients from them: without the keys of the object
 * store, and with links to artifacts. An answer that leaves out more, or adds a field, is a record of the route that holds the record.
 *
 * <p><b>Two versions.</b> Nodes of two neighbouring versions may talk, and read each other's rows and logs. {@link
 * dev.berth.protocol.ProtocolJson#MAPPER} reads all of it by one rule: an unknown field is ignored, and an unknown constant is the
 * one that its enum has for that ({@code UNKNOWN}; of {@link dev.berth.protocol.ConsoleLevel}, {@code LOG}). An enum without such a
 * constant is not extended between two neighbouring versions. A message that can't be read so, or of an unknown type, is of
 * another version: a request is refused with {@link dev.berth.protocol.ErrorCode#NOT_READY}, and an event is not delivered, which
 * the log says.
 */
package dev.berth.protocol;
