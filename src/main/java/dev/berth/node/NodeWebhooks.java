package dev.berth.node;

import dev.berth.config.ServerConfig;
import dev.berth.egress.AddressPolicy;
import dev.berth.history.Database;
import dev.berth.history.webhook.DeliveryQueue;
import dev.berth.http.routes.WebhookRoutes.WebhookDoor;
import dev.berth.metrics.NodeMetrics;
import dev.berth.webhook.ReceiverUrl;
import dev.berth.webhook.WebhookVerticle;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The webhooks of a node: what they may call, and its part of the deliveries. */
final class NodeWebhooks implements WebhookDoor {
    private static final Logger log = LoggerFactory.getLogger(NodeWebhooks.class);
    private static final int POSTGRES_PORT = 5_432;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final long LOOK_UP_MILLIS = 60_000;

    private final Node node;
    private final IntSupplier port;
    private final AddressPolicy policy;
    private final WebhookVerticle deliveries;
    private volatile Set<InetAddress> ofThisMachine;

    /**
     * Blocks: it looks the machine's addresses up.
     *
     * @param port that the API listens on
     */
    NodeWebhooks(Node node, Database database, IntSupplier port) throws SocketException {
        this.node = node;
        this.port = port;
        Set<Integer> own = ownPorts(node.config());
        this.ofThisMachine = lookUp();
        this.policy = new AddressPolicy(
                node.config().egress(), () -> ofThisMachine, asked -> asked == port.getAsInt() || own.contains(asked));
        this.deliveries = new WebhookVerticle(new DeliveryQueue(database), policy, this::base);
        count(node.metrics());
    }

    private static Set<InetAddress> lookUp() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .collect(Collectors.toSet());
    }

    static Set<Integer> ownPorts(ServerConfig config) {
        Set<Integer> own = new HashSet<>();
        config.postgres()
                .uri()
                .map(uri -> uri.getPort() < 0 ? POSTGRES_PORT : uri.getPort())
                .ifPresent(own::add);
        config.objectStore().endpoint().map(NodeWebhooks::port).ifPresent(own::add);
        config.objectStore().publicEndpoint().map(NodeWebhooks::port).ifPresent(own::add);
        if (config.cluster().enabled()) {
            for (int i = 0; i < ServerConfig.Cluster.PORTS; i++) {
                own.add(config.cluster().port() + i);
            }
        }
        return own;
    }

    private static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    }

    /** A server that listens on all addresses does not know by which of them it is reached. */
    private Optional<String> base() {
        ServerConfig.Http http = node.config().http();
        boolean known = http.publicUrl().isPresent() || http.reachableHost().equals(http.host());
        return Optional.of(http.url(port.getAsInt())).filter(url -> known).map(url -> url.replaceFirst("/+$", ""));
    }

    Future<Void> deploy() {
        // A machine may get addresses later, such as those of a network that is joined.
        long lookUps = node.vertx()
                .setPeriodic(
                        LOOK_UP_MILLIS,
                        tick -> node.vertx()
                                .executeBlocking(NodeWebhooks::lookUp)
                                .onSuccess(found -> ofThisMachine = found)
                                .onFailure(e ->
                                        log.warn("this machine's addresses could not be looked up: {}", e.toString())));
        node.parts().add(() -> Future.succeededFuture(node.vertx().cancelTimer(lookUps)));
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
                "Deliveries that are not tried again, or were removed while they waited.",
                () -> deliveries.counts().failed());
    }
}
