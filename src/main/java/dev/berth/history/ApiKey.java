package dev.berth.history;

/**
 * An API key, without the key itself.
 *
 * @param keyId identifies the key in public places
 */
public record ApiKey(long keyId, long userId) {}
