/** Runs SQL on Postgres within deadlines: the pool, transactions, values, notifications and the version of the schema. */
package dev.berth.database;
