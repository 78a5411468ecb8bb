package dev.berth.egress;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.berth.config.EgressConfig;
import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.limits.MemoryBudget;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Containment;
import dev.berth.protocol.Containment.ProxyRule;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The proxies of a node's Chromes, one each, and what they have in common. For any thread. */
public final class EgressProxies {
    /** The most connections of one Chrome at once. Chrome itself opens 512 at the most: 256 WebSockets, and 256 of all else. */
    static final int MAX_TUNNELS = 512;

    private static final int MAX_TUNNELS_OF_ALL = 1 << 18;

    private final Vertx vertx;
    private final AddressPolicy addresses;
    private final Optional<BlockList> ads;
    private final Dialer dialer;
    private final EgressCounts counts = new EgressCounts();
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private final CountLimit<EgressProxy> tunnels;
    private final MemoryBudget waiting;

    /** Blocks: reads the block list. */
    public EgressProxies(Vertx vertx, AddressPolicy addresses, EgressConfig settings) {
        this(vertx, addresses, settings, new NetClientOptions(), budget());
    }

    /**
     * @param options with the certificates of proxies that are trusted
     * @param waiting for bytes that were read from one side and not written to the other yet
     */
    EgressProxies(
            Vertx vertx,
            AddressPolicy addresses,
            EgressConfig settings,
            NetClientOptions options,
            MemoryBudget waiting) {
        this.waiting = waiting;
        this.vertx = vertx;
        this.addresses = addresses;
        this.ads = settings.blockList().map(BlockList::read);
        this.dialer = new Dialer(vertx, addresses, options);
        this.tunnels = new CountLimit<>(
                new Bound(MAX_TUNNELS, "a Chrome may have " + MAX_TUNNELS + " connections at once"),
                new Bound(maxTunnelsOfAll(), "the node has no room for more connections"));
    }

    /** Buffers are direct memory, of which a JVM has as much as heap. */
    private static MemoryBudget budget() {
        long bytes = Runtime.getRuntime().maxMemory() / 4;
        return new MemoryBudget(bytes, bytes / 4);
    }

    /** A tunnel has two sockets; all tunnels together may have half of the files that the process may open. */
    private static int maxTunnelsOfAll() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? (int) Math.min(MAX_TUNNELS_OF_ALL, system.getMaxFileDescriptorCount() / 4)
                : MAX_TUNNELS_OF_ALL;
    }

    /** Opens a proxy on the caller's context. */
    public Future<EgressProxy> open() {
        EgressProxy proxy = new EgressProxy(vertx, this, vertx.createNetServer(new NetServerOptions()));
        return proxy.listen().map(port -> {
            ports.add(port);
            return proxy;
        });
    }

    void closed(EgressProxy proxy) {
        ports.remove(proxy.port());
    }

    /** Throws {@link BerthException} that names the option, where this server can't hold it. */
    public EgressPolicy policy(Containment containment) {
        if (containment.blockAds() && ads.isEmpty()) {
            throw BerthException.invalid(
                    "options.blockAds needs a server with a block list (egress.block-list, BERTH_EGRESS_BLOCK_LIST)");
        }
        containment.proxy().stream().filter(rule -> rule.server().isPresent()).forEach(this::requireReachable);
        return new EgressPolicy(containment, addresses, ads.filter(list -> containment.blockAds()));
    }

    /** Judges a proxy that is given by its address; one that is given by name is judged at each connection. */
    private void requireReachable(ProxyRule rule) {
        Upstream proxy = upstream(rule);
        proxy.host()
                .address()
                .filter(address -> !addresses.judge(address, proxy.port()).allows())
                .ifPresent(address -> {
                    throw BerthException.invalid("options.proxy.server must be a server that Berth may reach: "
                            + new EgressRefused(address, addresses.judge(address, proxy.port())).getMessage());
                });
    }

    private static Upstream upstream(ProxyRule rule) {
        try {
            return Upstream.of(rule);
        } catch (IllegalArgumentException e) {
            throw BerthException.invalid(
                    "options.proxy.server must have a host that Berth can resolve: " + e.getMessage());
        }
    }

    Dialer dialer() {
        return dialer;
    }

    EgressCounts counts() {
        return counts;
    }

    MemoryBudget waiting() {
        return waiting;
    }

    CountLimit<EgressProxy> tunnels() {
        return tunnels;
    }

    /** Whether a Chrome's proxy listens at this port. */
    public boolean isOwnPort(int port) {
        return ports.contains(port);
    }

    /** Connections that are open now. */
    public long openTunnels() {
        return tunnels.total();
    }

    /** The bytes that all Chromes received since the start, those that are gone included. */
    public long bytesIn() {
        return counts.in();
    }

    public long bytesOut() {
        return counts.out();
    }

    /** How many connections this rule refused since the start. */
    public long blocked(EgressRule rule) {
        return counts.ofRule(rule);
    }
}
