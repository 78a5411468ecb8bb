package dev.berth.egress;

import dev.berth.egress.Outcome.Kind;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * Connects to a host: looks its name up once, has all its addresses judged, and dials those that may be. Thread-safe; its futures
 * complete on the caller's context.
 */
final class Dialer {
    /** Timeout of a connection: about as long as Chrome itself would wait. */
    static final int CONNECT_MILLIS = 20_000;

    private static final int MIN_CONNECT_MILLIS = 5_000;
    /** The most addresses of a name that are dialled, one after the other; together they take about {@link #CONNECT_MILLIS}. */
    private static final int MAX_TRIES = 4;

    private final Destinations destinations;
    private final NetClient client;
    private final UpstreamDialer upstreams;

    /** @param options with the certificates of proxies that are trusted */
    Dialer(Vertx vertx, AddressPolicy addresses, NetClientOptions options) {
        this.destinations = new Destinations(vertx, addresses);
        this.client = vertx.createNetClient(new NetClientOptions(options)
                .setConnectTimeout(CONNECT_MILLIS)
                .setHostnameVerificationAlgorithm("HTTPS"));
        this.upstreams = new UpstreamDialer(client, destinations);
    }

    /** Never fails. */
    Future<Dialed> dial(HostName host, int port, Optional<Upstream> upstream) {
        return upstream.map(proxy -> upstreams.dial(host, port, proxy)).orElseGet(() -> direct(host, port));
    }

    private Future<Dialed> direct(HostName host, int port) {
        return destinations
                .findAll(host, port)
                .map(found -> found.subList(0, Math.min(MAX_TRIES, found.size())))
                .compose(addresses -> inTurn(addresses, port, CONNECT_MILLIS / addresses.size()))
                .recover(e -> Future.succeededFuture(Dialed.failed(outcome(e, host.inUrl() + ":" + port))));
    }

    private Future<Dialed> inTurn(List<InetAddress> addresses, int port, int millis) {
        Future<Dialed> first = connect(addresses.get(0), port, millis);
        return addresses.size() == 1
                ? first
                : first.recover(e -> inTurn(addresses.subList(1, addresses.size()), port, millis));
    }

    private Future<Dialed> connect(InetAddress address, int port, int millis) {
        String remote = HostName.of(address.getAddress()).inUrl() + ":" + port;
        return client.connect(new ConnectOptions()
                        .setRemoteAddress(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                        .setTimeout(Math.max(MIN_CONNECT_MILLIS, millis)))
                .map(socket -> Dialed.connected(waiting(socket), Optional.of(remote), Buffer.buffer()));
    }

    /** Stops a socket from reading: without a handler it would lose what it reads. */
    static NetSocketInternal waiting(NetSocket socket) {
        NetSocketInternal internal = (NetSocketInternal) socket;
        internal.channelHandlerContext().channel().config().setAutoRead(false);
        return internal;
    }

    /** @param target as users see it */
    static Outcome outcome(Throwable e, String target) {
        if (e instanceof EgressRefused refused) {
            return Outcome.blocked(refused);
        } else if (e instanceof UnknownHostException) {
            return Outcome.failed(Kind.UNKNOWN_HOST, e.getMessage());
        } else if (e instanceof ConnectTimeoutException || e instanceof TimeoutException) {
            return Outcome.failed(Kind.TIMEOUT, target + " did not answer in time");
        }
        return Outcome.failed(Kind.REFUSED, target + " can't be connected to: " + words(e));
    }

    /** The message of the exception may have an address from an inner DNS, which is not for users: says only what went wrong. */
    private static String words(Throwable e) {
        String text = String.valueOf(e.getMessage());
        if (text.contains("refused")) {
            return "the connection was refused";
        } else if (text.contains("unreachable") || text.contains("No route")) {
            return "its network can't be reached from here";
        }
        return "the connection failed";
    }
}
