/** Facts in Postgres: all SQL is here. The only importer of the SQL client. */
package dev.berth.history;
