/**
 * The records of a live session, which it leaves behind: its actions, its artifacts, its row and events. Its logs are in
 * {@link dev.berth.logs}. On the event loop of the session.
 */
package dev.berth.session.keep;
