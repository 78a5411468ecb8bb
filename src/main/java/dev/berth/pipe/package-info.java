/**
 * Pipes to child processes, for users on an event loop: that one reads and writes them, or threads do where it can't. Knows nothing of
 * what goes through them.
 */
package dev.berth.pipe;
