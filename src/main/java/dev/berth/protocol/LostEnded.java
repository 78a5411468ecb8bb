package dev.berth.protocol;

/** No row of the node tells of a session that it does not hold. */
public record LostEnded() implements NodeReply {}
