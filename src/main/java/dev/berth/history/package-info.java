/**
 * Facts of sessions and tasks in Postgres: their SQL is here and in the rooms below, that of users and keys in {@link dev.berth.access}. Queries complete on
 * their caller's context.
 *
 * <p>Rows that an earlier version wrote stay readable: migrations see to it, and values that are absent in its rows have a default. Rows
 * that a newer version wrote are read by the rule of {@link dev.berth.protocol}. A migration with which older nodes can't go on refuses
 * while any of them renews its row: see {@code V23__heartbeat_and_queue.sql}.
 */
package dev.berth.history;
