/** Pipes to child processes, which an event loop reads and writes. Knows nothing of what goes through them. */
package dev.berth.pipe;
