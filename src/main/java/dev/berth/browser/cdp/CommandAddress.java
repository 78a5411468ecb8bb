package dev.berth.browser.cdp;

/**
 * Where in a command's JSON its session stands, and which it is.
 *
 * @param id of the command
 * @param sessionId empty where it is the party's own
 * @param place where an own session's id is put in: behind the first brace, or between the quotes of an empty one
 * @param inQuotes whether there is an empty one
 */
public record CommandAddress(long id, String sessionId, long place, boolean inQuotes) {}
