package dev.berth.history;

/**
 * What is known of an API key, but for the key itself.
 *
 * @param keyId names it where it must not be told
 */
public record ApiKey(long keyId, long userId) {}
