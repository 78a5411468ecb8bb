package dev.berth.http;

import dev.berth.protocol.SessionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Short-lived tokens, each good for the sockets of one session: the account key never stands in a URL. */
final class SessionTokens {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec secret;

    /** @param secret the same on all nodes */
    SessionTokens(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    /** A token for {@code id} that is good until {@code expiresAt}. */
    String issue(SessionId id, Instant expiresAt) {
        byte[] expiry = ByteBuffer.allocate(Long.BYTES)
                .putLong(expiresAt.getEpochSecond())
                .array();
        byte[] signature = sign(id, expiry);
        byte[] token = ByteBuffer.allocate(expiry.length + signature.length)
                .put(expiry)
                .put(signature)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** Whether {@code token} was issued for {@code id} and is still good. */
    boolean verify(SessionId id, String token, Instant now) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (bytes.length <= Long.BYTES) {
            return false;
        }
        byte[] expiry = Arrays.copyOf(bytes, Long.BYTES);
        byte[] signature = Arrays.copyOfRange(bytes, Long.BYTES, bytes.length);
        return MessageDigest.isEqual(sign(id, expiry), signature)
                && ByteBuffer.wrap(expiry).getLong() > now.getEpochSecond();
    }

    private byte[] sign(SessionId id, byte[] expiry) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            mac.update(id.value().getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(expiry);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
