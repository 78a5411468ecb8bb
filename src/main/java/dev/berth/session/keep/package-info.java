/**
 * What a live session keeps and leaves behind: its actions, its logs, its artifacts, its row. On the event loop of the session.
 */
package dev.berth.session.keep;
