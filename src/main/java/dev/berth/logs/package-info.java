/** The logs of sessions: written to files, shipped to the object store, read and followed. */
package dev.berth.logs;
