/** Pipes to child processes that are read and written on an event loop. Knows nothing of what goes through them. */
package dev.berth.pipe;
