package dev.berth.webhook;

import dev.berth.history.webhook.DeliveryQueue.DueDelivery;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The headers that prove to a receiver that a body is Berth's, and when it was sent: Berth's own, and, for a secret of their form, those
 * of <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard Webhooks</a>, which
 * libraries in most languages verify. Both are an HMAC-SHA-256.
 */
final class Signatures {
    private static final String MAC = "HmacSHA256";
    /** Begins a secret whose rest is a key of Standard Webhooks, in base64. */
    private static final String STANDARD = "whsec_";

    private Signatures() {}

    static Map<String, String> headers(DueDelivery due, long unixSeconds, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        byte[] own = hmac(due.secret().getBytes(StandardCharsets.UTF_8), unixSeconds + ".", body);
        headers.put(
                "X-Berth-Signature",
                "t=" + unixSeconds + ",v1=" + HexFormat.of().formatHex(own));
        standardKey(due.secret()).ifPresent(key -> {
            byte[] signed = hmac(key, due.deliveryId() + "." + unixSeconds + ".", body);
            headers.put("webhook-id", due.deliveryId());
            headers.put("webhook-timestamp", String.valueOf(unixSeconds));
            headers.put("webhook-signature", "v1," + Base64.getEncoder().encodeToString(signed));
        });
        return headers;
    }

    private static Optional<byte[]> standardKey(String secret) {
        try {
            return Optional.of(secret)
                    .filter(each -> each.startsWith(STANDARD))
                    .map(each -> Base64.getDecoder().decode(each.substring(STANDARD.length())))
                    .filter(key -> key.length > 0);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static byte[] hmac(byte[] key, String before, byte[] body) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            mac.update(before.getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each Java has HMAC-SHA-256", e);
        }
    }
}
