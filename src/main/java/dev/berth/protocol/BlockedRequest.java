package dev.berth.protocol;

/**
 * Why a request was not let out.
 *
 * @param rule the name of what refused it, such as {@code blockedDomains}
 * @param words the same for people
 */
public record BlockedRequest(String rule, String words) {}
