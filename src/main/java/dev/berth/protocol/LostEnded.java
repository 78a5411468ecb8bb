package dev.berth.protocol;

/** The row of the lost session says that it has ended. */
public record LostEnded() implements NodeReply {}
