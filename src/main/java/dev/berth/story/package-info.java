/**
 * Reads stories, of sessions and of users, for readers that are sent each entry exactly once: from the history, then live. On the
 * event loop of the reader.
 */
package dev.berth.story;
