package dev.berth.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Proves to a receiver that a body is Berth's, and when it was sent: HMAC-SHA-256 over {@code <seconds>.<body>}. */
final class Signature {
    static final String HEADER = "X-Berth-Signature";

    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    /** The value of the header. */
    static String of(String secret, long unixSeconds, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update((unixSeconds + ".").getBytes(StandardCharsets.US_ASCII));
            return "t=" + unixSeconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each Java has HMAC-SHA-256", e);
        }
    }
}
