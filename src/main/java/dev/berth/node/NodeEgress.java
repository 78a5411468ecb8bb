package dev.berth.node;

import dev.berth.config.ServerConfig;
import dev.berth.egress.AddressPolicy;
import dev.berth.egress.EgressProxies;
import dev.berth.egress.EgressRule;
import dev.berth.metrics.NodeMetrics;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where what works for users may connect to: the Chromes of a node, and its webhooks. */
public final class NodeEgress {
    private static final Logger log = LoggerFactory.getLogger(NodeEgress.class);
    private static final int POSTGRES_PORT = 5_432;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final long LOOK_UP_MILLIS = 60_000;

    private final AddressPolicy addresses;
    private final EgressProxies proxies;
    private final Set<Integer> ownPorts = ConcurrentHashMap.newKeySet();
    private volatile Set<InetAddress> ofThisMachine;

    private NodeEgress(Node node) throws SocketException {
        this.ofThisMachine = lookUp();
        this.addresses = new AddressPolicy(node.config().egress(), () -> ofThisMachine, this::isOwn);
        this.proxies = new EgressProxies(node.vertx(), addresses, node.config().egress());
    }

    public static Future<NodeEgress> start(Node node) {
        // It looks the machine's addresses up, and reads the block list.
        return node.vertx().executeBlocking(() -> new NodeEgress(node), false).onSuccess(started -> {
            started.lookUpAgain(node);
            started.count(node.metrics());
        });
    }

    /** A machine may get addresses later, such as those of a network that is joined. */
    private void lookUpAgain(Node node) {
        long lookUps = node.vertx()
                .setPeriodic(
                        LOOK_UP_MILLIS,
                        tick -> node.vertx()
                                .executeBlocking(NodeEgress::lookUp)
                                .onSuccess(found -> ofThisMachine = found)
                                .onFailure(e ->
                                        log.warn("this machine's addresses could not be looked up: {}", e.toString())));
        node.parts().add(() -> Future.succeededFuture(node.vertx().cancelTimer(lookUps)));
    }

    private static Set<InetAddress> lookUp() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .collect(Collectors.toSet());
    }

    private boolean isOwn(int port) {
        return ownPorts.contains(port) || proxies.isOwnPort(port);
    }

    AddressPolicy addresses() {
        return addresses;
    }

    EgressProxies proxies() {
        return proxies;
    }

    /** To be called before any session has a Chrome: what these settings name on this machine is Berth's own. */
    public void close(ServerConfig config) {
        ownPorts.addAll(ownPorts(config));
    }

    /** The same for the port that the API got. */
    void close(int port) {
        ownPorts.add(port);
    }

    static Set<Integer> ownPorts(ServerConfig config) {
        Set<Integer> own = new HashSet<>();
        config.postgres()
                .uri()
                .map(uri -> uri.getPort() < 0 ? POSTGRES_PORT : uri.getPort())
                .ifPresent(own::add);
        config.objectStore().endpoint().map(NodeEgress::port).ifPresent(own::add);
        config.objectStore().publicEndpoint().map(NodeEgress::port).ifPresent(own::add);
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

    private void count(NodeMetrics metrics) {
        metrics.tell("berth.egress.tunnels", "Open connections of Chromes.", "", proxies::openTunnels);
        String bytes = "What Chromes sent and received.";
        metrics.count("berth.egress.bytes", bytes, proxies::bytesIn, "direction", "in");
        metrics.count("berth.egress.bytes", bytes, proxies::bytesOut, "direction", "out");
        for (EgressRule rule : EgressRule.values()) {
            metrics.count(
                    "berth.egress.blocked",
                    "Connections of Chromes that were refused.",
                    () -> proxies.blocked(rule),
                    "rule",
                    rule.label());
        }
    }
}
