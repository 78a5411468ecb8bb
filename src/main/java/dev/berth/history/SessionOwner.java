package dev.berth.history;

/**
 * Whose a session is.
 *
 * @param machineId the node that holds it, or held it until its end
 * @param over whether it has ended
 */
public record SessionOwner(String machineId, long userId, boolean over) {}
