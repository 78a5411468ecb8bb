package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * The place of a response's body, in a session that keeps bodies.
 *
 * @param offset in the log of bodies; empty where the body is not kept
 * @param missing why it is not kept
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record KeptBody(Optional<Long> offset, Optional<String> missing) {
    public static KeptBody at(long offset) {
        return new KeptBody(Optional.of(offset), Optional.empty());
    }

    public static KeptBody missing(String why) {
        return new KeptBody(Optional.empty(), Optional.of(why));
    }

    /**
     * The text of a response, in the log of bodies of a session that keeps them.
     *
     * @param mimeType of the response
     * @param content redacted
     */
    public record BodyEntry(String mimeType, String content) {}
}
