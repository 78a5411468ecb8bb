package dev.berth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.webhook.DeliveryQueue.DueDelivery;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignaturesTest {
    private static final long SECONDS = 1_795_921_445;

    private static Map<String, String> headers(String secret, int attempt, long unixSeconds) {
        DueDelivery due = new DueDelivery(
                "delivery-1",
                "webhook-1",
                "https://hooks.example/",
                secret,
                "session.ended",
                Instant.EPOCH,
                attempt,
                attempt,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return Signatures.headers(due, unixSeconds, "{\"event\":\"session.ended\"}".getBytes(StandardCharsets.UTF_8));
    }

    /** The signature is the one that standardwebhooks 1.1.1 of npm makes of these values. */
    @Test
    void aStandardSecretSignsAsTheLibrariesDo() {
        Map<String, String> headers = headers("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1, SECONDS);
        assertThat(headers)
                .containsEntry("webhook-id", "delivery-1")
                .containsEntry("webhook-timestamp", "1795921445")
                .containsEntry("webhook-signature", "v1,+sj70YSFLosjwE/uF8/jRFWK/D03rRf13NFsqd0KS+4=");
        // printf '1795921445.{"event":"session.ended"}' | openssl dgst -sha256 -hmac
        // whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
        assertThat(headers)
                .containsEntry(
                        "X-Berth-Signature",
                        "t=1795921445,v1=4ecf95287f8a14173cbd3eaab78e39c37b3967687bd4444cdfa3c011854dfc9b");
    }

    @Test
    void eachAttemptHasTheSameIdAndATimeOfItsOwn() {
        Map<String, String> second = headers("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 2, SECONDS + 10);
        assertThat(second).containsEntry("webhook-id", "delivery-1").containsEntry("webhook-timestamp", "1795921455");
        assertThat(second.get("webhook-signature")).isNotEqualTo("v1,+sj70YSFLosjwE/uF8/jRFWK/D03rRf13NFsqd0KS+4=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a secret of my own",
                "whsec_",
                "whsec_====",
                "whsec_MfKQ9r8GKYqrTwjUPD8I-PZIo2LaLa_w",
                "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            })
    void otherSecretsHaveBerthsSignatureAlone(String secret) {
        assertThat(headers(secret, 1, SECONDS)).containsOnlyKeys("X-Berth-Signature");
    }
}
