package dev.berth.protocol;

/** Asks a node on {@link Addresses#lease} whether it reaches Postgres: by that, one that does not knows what the others do. */
public record AskPostgres() implements NodeCommand<PostgresSeen> {}
