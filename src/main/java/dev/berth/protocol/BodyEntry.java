package dev.berth.protocol;

/**
 * The body of a response, in the log of bodies of a session that keeps them.
 *
 * @param mimeType of the response
 * @param base64 whether {@code content} is the base64 of bytes that are no text
 * @param content redacted where it is text
 */
public record BodyEntry(String mimeType, boolean base64, String content) {}
