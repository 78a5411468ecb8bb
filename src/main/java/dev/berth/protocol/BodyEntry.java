package dev.berth.protocol;

/**
 * The text of a response, in the log of bodies of a session that keeps them.
 *
 * @param mimeType of the response
 * @param content redacted
 */
public record BodyEntry(String mimeType, String content) {}
