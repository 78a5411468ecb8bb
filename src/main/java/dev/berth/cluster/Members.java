package dev.berth.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where other nodes may be found: as many addresses as the names of the configuration have just now. */
final class Members {
    private static final Logger log = LoggerFactory.getLogger(Members.class);

    private Members() {}

    /** The addresses of {@code members}, each {@code host:port}; a name without any is left out. */
    static Future<Set<SocketAddress>> resolve(Vertx vertx, List<String> members) {
        // A look-up may take as long as the name server lets it.
        return vertx.executeBlocking(
                () -> members.stream().flatMap(Members::addresses).collect(Collectors.toSet()), false);
    }

    private static Stream<SocketAddress> addresses(String member) {
        SocketAddress named = parse(member);
        try {
            return Stream.of(InetAddress.getAllByName(named.host()))
                    .map(address -> SocketAddress.inetSocketAddress(named.port(), address.getHostAddress()));
        } catch (UnknownHostException e) {
            log.debug("{} has no address now", named.host());
            return Stream.empty();
        }
    }

    static SocketAddress parse(String member) {
        int colon = member.lastIndexOf(':');
        String host = member.substring(0, colon);
        return SocketAddress.inetSocketAddress(
                Integer.parseInt(member.substring(colon + 1)),
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    }

    static String text(SocketAddress address) {
        return text(address.host(), address.port());
    }

    static String text(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
