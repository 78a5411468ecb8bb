/**
 * Facts in Postgres: all SQL is here. The only importer of the SQL client. Queries complete on their caller's context.
 *
 * <p>Nodes of two neighbouring versions use the same database while a cluster is restarted. What a newer one writes is read here by
 * the rule of {@link dev.berth.protocol}: names of constants by {@link dev.berth.protocol.Told}, so that no row makes a list fail. A
 * migration only adds what the version before may ignore: {@code V15__nodes.sql} has the rule, and {@code DatabaseTest} refuses others.
 */
package dev.berth.history;
