package dev.berth.http.routes;

import java.util.Optional;

/** What the API needs of the node's deliveries to webhooks. For any thread. */
public interface WebhookDoor {
    /** Why events can't be told at this URL, as the end of a sentence; empty where they can. */
    Optional<String> refusal(String url);

    /** A delivery is due now. */
    void wake();
}
