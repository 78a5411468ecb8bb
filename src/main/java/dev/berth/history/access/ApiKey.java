package dev.berth.history.access;

/**
 * An API key, without the key itself.
 *
 * @param keyId identifies the key in public places
 * @param admin whether it may do what concerns the whole server, such as draining it
 */
public record ApiKey(long keyId, long userId, boolean admin) {}
