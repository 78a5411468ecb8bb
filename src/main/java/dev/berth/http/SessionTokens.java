package dev.berth.http;

import dev.berth.protocol.SessionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
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
