package dev.berth.access;

import dev.berth.protocol.SessionId;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * The tokens of links that are made for others: the link's id, then a {@link LinkTokens} token for it. So a text that is no link's token
 * costs no query, and the database stores no token that would open a link.
 */
public final class ShareTokens {
    private static final char SEPARATOR = '.';

    private final LinkTokens tokens;

    public ShareTokens(LinkTokens tokens) {
        this.tokens = tokens;
    }

    /** A link that a token is for. It may have been revoked. */
    public record Named(long linkId, long keyId) {}

    /** The text form of a link's id. */
    public static String id(long linkId) {
        return HexFormat.of().toHexDigits(linkId);
    }

    /** The link's id that {@code text} is the form of. */
    public static Optional<Long> id(String text) {
        try {
            return text.length() == 2 * Long.BYTES
                    ? Optional.of(HexFormat.fromHexDigitsToLong(text))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public String issue(ShareLink link) {
        return id(link.linkId())
                + SEPARATOR
                + tokens.issue(purpose(link.sessionId(), link.linkId()), link.keyId(), link.expiresAt());
    }

    /** A token for an artifact of the link's session, which ends with the link. */
    public String issue(ShareLink link, String objectId, Instant expiresAt) {
        return id(link.linkId())
                + SEPARATOR
                + tokens.issue(artifactPurpose(objectId, link.linkId()), link.keyId(), expiresAt);
    }

    /** Whether {@code token} is meant to be one of a link; no other token looks like it. */
    public static boolean isOne(String token) {
        return token.indexOf(SEPARATOR) >= 0;
    }

    /** The link that {@code token} was issued for; empty where it is not for this session, or has expired. */
    public Optional<Named> verify(SessionId session, String token, Instant now) {
        return verify(link -> purpose(session, link), token, now);
    }

    /** The link with which a token for an artifact ends; empty where it is not for this artifact, or has expired. */
    public Optional<Named> verify(String objectId, String token, Instant now) {
        return verify(link -> artifactPurpose(objectId, link), token, now);
    }

    private Optional<Named> verify(LongFunction<String> purpose, String token, Instant now) {
        int end = token.indexOf(SEPARATOR);
        return id(token.substring(0, end)).flatMap(link -> {
            OptionalLong key = tokens.verify(purpose.apply(link), token.substring(end + 1), now);
            return key.isPresent() ? Optional.of(new Named(link, key.getAsLong())) : Optional.empty();
        });
    }

    private static String artifactPurpose(String objectId, long linkId) {
        return "shared-artifact:" + objectId + ":" + id(linkId);
    }

    private static String purpose(SessionId session, long linkId) {
        return "share:" + session + ":" + id(linkId);
    }
}
