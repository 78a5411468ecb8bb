package dev.berth.history;

import java.time.Instant;
import java.util.List;

/**
 * A URL that is told of a user's events.
 *
 * @param keyId of the API key that it was made with, and ends with
 * @param secret signs what is sent there
 */
public record Webhook(
        String webhookId, long userId, long keyId, String url, List<String> events, String secret, Instant createdAt) {
    public Webhook {
        events = List.copyOf(events);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return webhookId;
    }
}
