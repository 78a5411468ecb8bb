package dev.berth.node;

import dev.berth.config.HttpConfig;
import dev.berth.database.Database;
import dev.berth.egress.AddressPolicy;
import dev.berth.history.webhook.DeliveryQueue;
import dev.berth.http.routes.WebhookRoutes.WebhookDoor;
import dev.berth.metrics.NodeMetrics;
import dev.berth.webhook.ReceiverUrl;
import dev.berth.webhook.WebhookVerticle;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.IntSupplier;

/** The webhooks of a node: what they may call, and its part of the deliveries. */
final class NodeWebhooks implements WebhookDoor {
    private final Node node;
    private final IntSupplier port;
    private final AddressPolicy policy;
    private final WebhookVerticle deliveries;

    /** @param port that the API listens on */
    NodeWebhooks(Node node, NodeEgress egress, Database database, IntSupplier port) {
        this.node = node;
        this.port = port;
        this.policy = egress.addresses();
        this.deliveries = new WebhookVerticle(new DeliveryQueue(database), policy, this::base);
        count(node.metrics());
    }

    /** A server that listens on all addresses does not know by which of them it is reached. */
    private Optional<String> base() {
        HttpConfig http = node.config().http();
        boolean known = http.publicUrl().isPresent() || http.reachableHost().equals(http.host());
        return Optional.of(http.url(port.getAsInt())).filter(url -> known).map(url -> url.replaceFirst("/+$", ""));
    }

    Future<Void> deploy() {
        return node.deploy(deliveries);
    }

    @Override
    public Optional<String> refusal(String url) {
        return ReceiverUrl.refusal(url, policy);
    }

    @Override
    public void wake() {
        deliveries.wake();
    }

    private void count(NodeMetrics metrics) {
        String help = "Attempts to deliver an event to a webhook.";
        metrics.count("berth.webhook.attempts", help, () -> deliveries.counts().delivered(), "outcome", "delivered");
        metrics.count("berth.webhook.attempts", help, () -> deliveries.counts().failedAttempts(), "outcome", "failure");
        metrics.count(
                "berth.webhook.deliveries.failed",
                "Deliveries that failed for good, or were removed while they waited.",
                () -> deliveries.counts().failed());
    }
}
