package dev.berth.egress;

import dev.berth.egress.Outcome.Kind;
import dev.berth.limits.MemoryBudget.Share;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.HostPatterns;
import dev.berth.protocol.UsageSample.Traffic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The only way out of one Chrome: a SOCKS5 server on a port of 127.0.0.1. It refuses everything until {@link #adopt}. All but {@link
 * #traffic} and {@link #last} is for the context that it was opened on.
 */
public final class EgressProxy {
    static final long HANDSHAKE_MILLIS = 10_000;

    private final Vertx vertx;
    private final EgressProxies all;
    private final NetServer server;
    private final Set<Tunnel> tunnels = new HashSet<>();
    private final Outcomes outcomes = new Outcomes();
    private Optional<EgressPolicy> policy = Optional.empty();
    private Optional<HostPatterns> task = Optional.empty();
    private Limit limit = new Limit(Long.MAX_VALUE, "");
    private volatile Traffic traffic = Traffic.NONE;

    private record Limit(long bytes, String reason) {}

    EgressProxy(Vertx vertx, EgressProxies all, NetServer server) {
        this.vertx = vertx;
        this.all = all;
        this.server = server.connectHandler(this::accept);
    }

    Future<Integer> listen() {
        return server.listen(0, "127.0.0.1").map(NetServer::actualPort);
    }

    public int port() {
        return server.actualPort();
    }

    /** Holds from now on. Closes what was connected under the policy before, and counts traffic from zero. */
    public void adopt(EgressPolicy adopted) {
        policy = Optional.of(adopted);
        traffic = Traffic.NONE;
        List.copyOf(tunnels).forEach(Tunnel::breakOff);
    }

    /** Restricts the hosts from now on to those that match {@code domains} too. Closes connections to hosts that don't match. */
    public void restrict(HostPatterns domains) {
        task = Optional.of(domains);
        List.copyOf(tunnels).stream().filter(tunnel -> !tunnel.leadsTo(domains)).forEach(Tunnel::breakOff);
    }

    /** The traffic that passed, and the connections that were refused, since {@link #adopt}. For any thread. */
    public Traffic traffic() {
        return traffic;
    }

    /**
     * Limits the traffic: once this many bytes went in and out since {@link #adopt}, all connections are closed, and no other is let
     * through.
     *
     * @param reason what is told then, a sentence without a full stop
     */
    public void limit(long bytes, String reason) {
        limit = new Limit(bytes, reason);
        closeIfSpent();
    }

    /** The result of the last connection to the host and port of this URL; empty where there was none of late. For any thread. */
    public Optional<Outcome> last(String url) {
        return outcomes.last(url);
    }

    /** Closes its connections, too. */
    public Future<Void> close() {
        all.closed(this);
        List.copyOf(tunnels).forEach(Tunnel::breakOff);
        return server.close();
    }

    private void accept(NetSocket chrome) {
        try {
            all.tunnels().add(this);
        } catch (BerthException full) {
            blocked(EgressRule.CONNECTIONS);
            chrome.close();
            return;
        }
        Tunnel tunnel = new Tunnel(this, chrome);
        tunnels.add(tunnel);
        long handshake = vertx.setTimer(HANDSHAKE_MILLIS, late -> tunnel.breakOff());
        tunnel.start(() -> vertx.cancelTimer(handshake), () -> {
            tunnels.remove(tunnel);
            all.tunnels().remove(this);
        });
    }

    Future<Dialed> dial(SocksRequest to) {
        try {
            HostName host = HostName.parse(to.host());
            return refusal(host, to.port())
                    .map(refused -> Future.succeededFuture(Dialed.failed(refused)))
                    .orElseGet(() -> all.dialer()
                            .dial(host, to.port(), policy.orElseThrow().upstream(host, to.port())));
        } catch (IllegalArgumentException e) {
            return Future.succeededFuture(Dialed.failed(Outcome.failed(Kind.UNKNOWN_HOST, e.getMessage())));
        }
    }

    private Optional<Outcome> refusal(HostName host, int port) {
        if (policy.isEmpty()) {
            return Optional.of(Outcome.blocked(EgressRule.NO_SESSION, "this Chrome has no session yet"));
        } else if (isSpent()) {
            return Optional.of(Outcome.blocked(EgressRule.TRAFFIC, limit.reason));
        }
        return policy.flatMap(each -> each.refusal(host, port))
                .or(() -> task.filter(only -> !only.matches(host.name(), port))
                        .map(only -> Outcome.blocked(
                                EgressRule.TASK_DOMAINS,
                                "the task's allowedDomains do not include " + host.inUrl() + ":" + port)));
    }

    /** A connection's share of the bytes that wait in the node's proxies; this Chrome's connections count together. */
    Share share() {
        return all.waiting().share(this);
    }

    void told(SocksRequest to, Outcome outcome) {
        outcomes.put(to.host(), to.port(), outcome);
        outcome.rule().ifPresent(this::blocked);
    }

    private void blocked(EgressRule rule) {
        all.counts().blocked(rule);
        traffic = new Traffic(traffic.bytesIn(), traffic.bytesOut(), traffic.blocked() + 1);
    }

    void count(int in, int out) {
        all.counts().passed(in, out);
        traffic = new Traffic(traffic.bytesIn() + in, traffic.bytesOut() + out, traffic.blocked());
        closeIfSpent();
    }

    private boolean isSpent() {
        return traffic.bytesIn() + traffic.bytesOut() >= limit.bytes;
    }

    private void closeIfSpent() {
        if (isSpent()) {
            List.copyOf(tunnels).forEach(Tunnel::breakOff);
        }
    }
}
