package dev.berth.egress;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the address to dial for a host: one that the policy allows. Connect to this address, not to the name: a second look-up could
 * lead elsewhere. Thread-safe.
 */
public final class Destinations {
    private static final Logger log = LoggerFactory.getLogger(Destinations.class);

    /** No DNS has names below localhost, and browsers know that they are this machine. */
    private static final List<InetAddress> LOCALHOST = Stream.of("127.0.0.1", "[::1]")
            .map(HostName::parse)
            .flatMap(host -> host.address().stream())
            .toList();

    private final Vertx vertx;
    private final AddressPolicy policy;

    public Destinations(Vertx vertx, AddressPolicy policy) {
        this.vertx = vertx;
        this.policy = policy;
    }

    /** Fails with {@link EgressRefused} if no address of the host may be dialled, and otherwise if it has none. */
    public Future<InetAddress> find(HostName host, int port) {
        return findAll(host, port).map(addresses -> addresses.get(0));
    }

    /** All addresses of the host that may be dialled, at least one. Fails as {@link #find} does. */
    Future<List<InetAddress>> findAll(HostName host, int port) {
        return host.address()
                .map(address -> Future.succeededFuture(List.of(address)))
                .orElseGet(() -> host.isLocalhost() ? Future.succeededFuture(LOCALHOST) : resolve(host.name()))
                .compose(addresses -> choose(host, addresses, port));
    }

    private Future<List<InetAddress>> choose(HostName host, List<InetAddress> addresses, int port) {
        List<InetAddress> allowed = addresses.stream()
                .filter(address -> policy.judge(address, port).allows())
                .toList();
        if (!allowed.isEmpty()) {
            return Future.succeededFuture(allowed);
        }
        log.debug("{} has no address that may be dialled: {}", host.name(), addresses);
        AddressRule rule = policy.judge(addresses.get(0), port);
        return Future.failedFuture(host.address()
                .map(address -> new EgressRefused(address, rule))
                .orElseGet(() -> new EgressRefused(host.name(), rule)));
    }

    private Future<List<InetAddress>> resolve(String name) {
        VertxInternal internal = (VertxInternal) vertx;
        // The answer arrives on the resolver's own terms, and is brought back to the caller's context.
        Promise<List<InetSocketAddress>> found = internal.getOrCreateContext().promise();
        internal.nameResolver().resolveAll(name, found::handle);
        return found.future()
                .map(list -> list.stream().map(InetSocketAddress::getAddress).toList())
                .compose(list -> list.isEmpty() ? unknown(name) : Future.succeededFuture(list))
                .recover(e -> unknown(name));
    }

    private static <T> Future<T> unknown(String name) {
        return Future.failedFuture(new UnknownHostException("the host " + name + " can't be resolved"));
    }
}
