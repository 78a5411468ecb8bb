/**
 * Facts in Postgres: all SQL is here. The only importer of the SQL client. Queries complete on their caller's context.
 */
package dev.berth.history;
