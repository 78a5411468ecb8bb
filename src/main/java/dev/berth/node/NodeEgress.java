package dev.berth.node;

import dev.berth.config.ClusterConfig;
import dev.berth.config.EgressConfig;
import dev.berth.config.ServerConfig;
import dev.berth.egress.AddressPolicy;
import dev.berth.egress.AddressPolicy.OwnServers;
import dev.berth.egress.AddressRule;
import dev.berth.egress.EgressProxies;
import dev.berth.egress.EgressRule;
import dev.berth.metrics.NodeMetrics;
import io.vertx.core.Future;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The egress of the parts that work for users: the Chromes of a node, and its webhooks. */
public final class NodeEgress {
    private static final Logger log = LoggerFactory.getLogger(NodeEgress.class);
    private static final int POSTGRES_PORT = 5_432;
    private static final Map<String, Integer> USUAL_PORTS = Map.of("http", 80, "https", 443);
    private static final long LOOK_UP_MILLIS = 60_000;

    /** A server with a public address, such as a cloud's object store, is shared with others, and not Berth's own. */
    private static final AddressPolicy INTERNET =
            new AddressPolicy(new EgressConfig(false, false, List.of(), List.of()), Set::of, port -> false);

    private final AddressPolicy addresses;
    private final EgressProxies proxies;
    private final Set<Integer> ownPorts = ConcurrentHashMap.newKeySet();
    private volatile Set<HostAndPort> ownServers = Set.of();
    private volatile Machine machine = new Machine(Set.of(), Map.of());

    /**
     * The result of a look-up.
     *
     * @param own of Berth's servers, their addresses on this machine and on private networks
     */
    private record Machine(Set<InetAddress> addresses, Map<HostAndPort, Set<InetAddress>> own) {
        boolean hasOwn(InetAddress address, int port) {
            return own.entrySet().stream()
                    .anyMatch(server ->
                            server.getKey().port() == port && server.getValue().contains(address));
        }

        boolean hasOwnHere(int port) {
            return own.entrySet().stream()
                    .filter(server -> server.getKey().port() == port)
                    .flatMap(server -> server.getValue().stream())
                    .anyMatch(address -> address.isLoopbackAddress() || addresses.contains(address));
        }
    }

    private NodeEgress(Node node) throws SocketException {
        this.machine = lookUp();
        this.addresses = new AddressPolicy(node.config().egress(), () -> machine.addresses, new OwnServers() {
            @Override
            public boolean here(int port) {
                return ownPorts.contains(port) || proxies.isOwnPort(port) || machine.hasOwnHere(port);
            }

            @Override
            public boolean elsewhere(InetAddress address, int port) {
                return machine.hasOwn(address, port);
            }
        });
        this.proxies = new EgressProxies(node.vertx(), addresses, node.config().egress());
    }

    public static Future<NodeEgress> start(Node node) {
        // The constructor looks the machine's addresses up, and reads the block list: both block.
        return node.vertx().executeBlocking(() -> new NodeEgress(node), false).onSuccess(started -> {
            long again = node.vertx().setPeriodic(LOOK_UP_MILLIS, tick -> started.lookUpAgain(node));
            node.parts().add(() -> Future.succeededFuture(node.vertx().cancelTimer(again)));
            started.count(node.metrics());
        });
    }

    /** A machine may get addresses later, such as those of a network that is joined, and a server move to another one. */
    private Future<Void> lookUpAgain(Node node) {
        return node.vertx()
                .executeBlocking(this::lookUp, false)
                .onSuccess(found -> machine = found)
                .onFailure(e -> log.warn("this machine's addresses could not be looked up: {}", e.toString()))
                .mapEmpty();
    }

    private Machine lookUp() throws SocketException {
        Set<InetAddress> here = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .collect(Collectors.toSet());
        return new Machine(
                here,
                ownServers.stream()
                        .collect(Collectors.toMap(
                                server -> server,
                                server -> addresses(server, here, machine.own.getOrDefault(server, Set.of())))));
    }

    /**
     * Without public addresses of other machines.
     *
     * @param here the addresses of this machine
     * @param earlier the server's addresses before, which stay closed while the server's name can't be looked up
     */
    static Set<InetAddress> addresses(HostAndPort server, Set<InetAddress> here, Set<InetAddress> earlier) {
        try {
            return Stream.of(InetAddress.getAllByName(server.host()))
                    .filter(address ->
                            here.contains(address) || INTERNET.judge(address, server.port()) != AddressRule.PUBLIC)
                    .collect(Collectors.toSet());
        } catch (UnknownHostException e) {
            log.warn("the address of Berth's own server {} could not be looked up", server.host());
            return earlier;
        }
    }

    AddressPolicy addresses() {
        return addresses;
    }

    EgressProxies proxies() {
        return proxies;
    }

    /** Bars pages from the servers that these settings name. To be called before any session has a Chrome. */
    public Future<Void> bar(Node node) {
        ownServers = ownServers(node.config());
        ownPorts.addAll(clusterPorts(node.config().cluster()));
        node.config().cdp().port().ifPresent(ownPorts::add);
        return lookUpAgain(node).otherwiseEmpty();
    }

    /** Bars pages from the port that the API got. */
    void bar(int port) {
        ownPorts.add(port);
    }

    static Set<HostAndPort> ownServers(ServerConfig config) {
        return Stream.of(
                        config.postgres().uri(),
                        config.objectStore().endpoint(),
                        config.objectStore().publicEndpoint())
                .flatMap(Optional::stream)
                .filter(uri -> uri.getHost() != null)
                .map(uri -> HostAndPort.create(
                        uri.getHost(),
                        uri.getPort() >= 0 ? uri.getPort() : USUAL_PORTS.getOrDefault(uri.getScheme(), POSTGRES_PORT)))
                .collect(Collectors.toSet());
    }

    static Set<Integer> clusterPorts(ClusterConfig cluster) {
        return cluster.enabled()
                ? IntStream.range(cluster.port(), cluster.port() + ClusterConfig.PORTS)
                        .boxed()
                        .collect(Collectors.toSet())
                : Set.of();
    }

    private void count(NodeMetrics metrics) {
        metrics.tell("berth.egress.tunnels", "Open connections of Chromes.", "", proxies::openTunnels);
        String bytes = "Bytes that Chromes sent and received.";
        metrics.count("berth.egress.bytes", bytes, proxies::bytesIn, "direction", "in");
        metrics.count("berth.egress.bytes", bytes, proxies::bytesOut, "direction", "out");
        for (EgressRule rule : EgressRule.values()) {
            metrics.count(
                    "berth.egress.blocked",
                    "Connections of Chromes refused by a rule or a limit.",
                    () -> proxies.blocked(rule),
                    "rule",
                    rule.label());
        }
    }
}
