package dev.berth.cluster;

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
                "cluster.port (BERTH_CLUSTER_PORT): " + Members.text(host, port) + " can't be listened on: "
                        + (why.contains("in use") ? "another process does" : why),
                e);
    }
}
