package dev.berth.cluster;

import java.net.InetSocketAddress;

/** Why a node can't join its cluster: one line that says what to do. */
public final class JoinException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JoinException(String message) {
        super(message);
    }

    JoinException(String message, Throwable cause) {
        super(message, cause);
    }

    static JoinException port(String host, int port, Throwable e) {
        // Java's own transport and the kernel's throw exceptions of different classes.
        String why = String.valueOf(e.getMessage());
        if (why.contains("assign requested address")) {
            return new JoinException(
                    "cluster.host (BERTH_CLUSTER_HOST): " + host + " is not an address of this machine", e);
        }
        return new JoinException(
                "cluster.port (BERTH_CLUSTER_PORT): " + text(host, port) + " can't be used: "
                        + (why.contains("in use") ? "another process is using it" : why),
                e);
    }

    static JoinException secret(InetSocketAddress other, Throwable e) {
        return new JoinException(
                text(other.getHostString(), other.getPort())
                        + " refused this node: check that cluster.secret (BERTH_CLUSTER_SECRET) is the same there",
                e);
    }

    static String text(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
