package dev.berth.access;

import dev.berth.protocol.CreateSession.Idempotency;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that stand in links in place of the API key. Each is valid for one purpose, such as one session's sockets or one
 * artifact, until it expires. It names the key that it was issued for, so that it ends with that key.
 */
public final class LinkTokens {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int HEAD_BYTES = 2 * Long.BYTES;

    private final SecretKeySpec secret;

    /** @param secret the same on all nodes */
    public LinkTokens(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    /**
     * Issues a token for {@code purpose} that is valid until {@code expiresAt}.
     *
     * @param purpose what the token is for: a kind and an id
     * @param keyId of the API key that asked for it
     */
    public String issue(String purpose, long keyId, Instant expiresAt) {
        byte[] head = ByteBuffer.allocate(HEAD_BYTES)
                .putLong(expiresAt.getEpochSecond())
                .putLong(keyId)
                .array();
        byte[] signature = sign(purpose, head);
        byte[] token = ByteBuffer.allocate(head.length + signature.length)
                .put(head)
                .put(signature)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** The id of the key that {@code token} was issued for; empty where it is not for {@code purpose}, or has expired. */
    public OptionalLong verify(String purpose, String token, Instant now) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return OptionalLong.empty();
        }
        if (bytes.length <= HEAD_BYTES) {
            return OptionalLong.empty();
        }
        ByteBuffer read = ByteBuffer.wrap(bytes);
        byte[] head = new byte[HEAD_BYTES];
        read.get(head);
        byte[] signature = new byte[read.remaining()];
        read.get(signature);
        ByteBuffer signed = ByteBuffer.wrap(head);
        boolean good = MessageDigest.isEqual(sign(purpose, head), signature) && signed.getLong() > now.getEpochSecond();
        return good ? OptionalLong.of(signed.getLong()) : OptionalLong.empty();
    }

    /**
     * The identity by which a repeated request is recognised: the client's key, and a hash of the body. A body may have secrets. The hash
     * depends on the secret of the nodes, so that a reader of the database can't try values for them.
     */
    public Optional<Idempotency> idempotency(HttpServerRequest request, JsonObject body) {
        return Optional.ofNullable(request.getHeader("Idempotency-Key"))
                .map(key -> new Idempotency(key, HexFormat.of().formatHex(hash(body.encode()))));
    }

    private byte[] hash(String body) {
        return sign("request:", body.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] sign(String purpose, byte[] head) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(head);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
