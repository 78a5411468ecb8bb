package dev.berth.cluster;

import java.net.BindException;

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
        boolean elsewhere =
                e instanceof BindException && String.valueOf(e.getMessage()).contains("assign");
        return new JoinException(
                elsewhere
                        ? "cluster.host (BERTH_CLUSTER_HOST): " + host + " is not an address of this machine"
                        : "cluster.port (BERTH_CLUSTER_PORT): " + Members.text(host, port) + " can't be listened on: "
                                + e.getMessage(),
                e);
    }
}
