package dev.berth.egress;

import dev.berth.egress.Outcome.Kind;
import io.netty.handler.proxy.ProxyConnectException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Connects to a host by a proxy of {@code options.proxy}. The address of that proxy is judged as a host's is. The proxy looks the host's
 * name up, so the host's addresses are not judged.
 */
final class UpstreamDialer {
    private static final Pattern STATUS = Pattern.compile("(?:status|authStatus): (\\w+)");

    private final NetClient client;
    private final Destinations destinations;

    UpstreamDialer(NetClient client, Destinations destinations) {
        this.client = client;
        this.destinations = destinations;
    }

    /** Never fails. */
    Future<Dialed> dial(HostName host, int port, Upstream proxy) {
        return destinations
                .find(proxy.host(), proxy.port())
                .compose(address ->
                        proxy.isSocks() ? socks(host, port, proxy, address) : http(host, port, proxy, address))
                .recover(e -> Future.succeededFuture(Dialed.failed(outcome(e, proxy))));
    }

    private Future<Dialed> socks(HostName host, int port, Upstream proxy, InetAddress address) {
        ProxyOptions options = new ProxyOptions()
                .setType(ProxyType.SOCKS5)
                .setHost(address.getHostAddress())
                .setPort(proxy.port())
                .setConnectTimeout(Duration.ofMillis(Dialer.CONNECT_MILLIS));
        proxy.username()
                .ifPresent(name ->
                        options.setUsername(name).setPassword(proxy.password().orElse("")));
        return client.connect(new ConnectOptions()
                        .setRemoteAddress(SocketAddress.inetSocketAddress(port, host.name()))
                        .setProxyOptions(options))
                .map(socket -> Dialed.connected(Dialer.waiting(socket), Optional.empty(), Buffer.buffer()));
    }

    private Future<Dialed> http(HostName host, int port, Upstream proxy, InetAddress address) {
        ConnectOptions options = new ConnectOptions()
                .setRemoteAddress(SocketAddress.inetSocketAddress(proxy.port(), address.getHostAddress()));
        if (proxy.isTls()) {
            // The certificate must be for the proxy's name, since its address was dialled.
            options.setSsl(true).setHost(proxy.host().name()).setPort(proxy.port());
            if (proxy.host().address().isEmpty()) {
                options.setSniServerName(proxy.host().name());
            }
        }
        return client.connect(options)
                .compose(socket -> new ConnectReply(socket)
                        .ask(proxy.connectRequest(host, port))
                        .map(first -> Dialed.connected(Dialer.waiting(socket), Optional.empty(), first))
                        .onFailure(e -> socket.close()));
    }

    /** Names the proxy in each reason: the session's user must know whether it failed or the host. */
    private static Outcome outcome(Throwable e, Upstream proxy) {
        String of = "the proxy " + proxy.server() + " of options.proxy ";
        if (e instanceof EgressRefused refused) {
            Outcome blocked = Outcome.blocked(refused);
            return Outcome.blocked(blocked.rule().orElseThrow(), of + "can't be used: " + blocked.words());
        } else if (e instanceof ConnectReply.ProxyRefused) {
            return Outcome.failed(Kind.REFUSED, of + e.getMessage());
        } else if (e instanceof ProxyConnectException) {
            Matcher status = STATUS.matcher(String.valueOf(e.getMessage()));
            return Outcome.failed(
                    Kind.REFUSED, of + "refused: " + (status.find() ? status.group(1) : "it gave no reason"));
        } else if (e instanceof SSLException) {
            return Outcome.failed(Kind.REFUSED, of + "does not have a trusted certificate for its host");
        }
        Outcome failed = Dialer.outcome(e, "it");
        return Outcome.failed(
                failed.kind() == Kind.TIMEOUT ? Kind.TIMEOUT : Kind.REFUSED, of + "can't be used: " + failed.words());
    }
}
