package dev.berth.config;

import java.util.Optional;

/**
 * The cluster that this node belongs to; there is one if {@code host} is set.
 *
 * @param host this machine's address, at which the other nodes reach it
 * @param port the first of four consecutive ports there: of the membership, of the event bus, of requests that other nodes pass on,
 *     and of the membership's failure detection
 * @param secret a key that all nodes have: no process joins, reads or sends without the key
 */
public record ClusterConfig(Optional<String> host, int port, Optional<String> secret) {
    /** How many consecutive ports a node takes. */
    public static final int PORTS = 4;

    private static final int MIN_SECRET_CHARS = 16;

    static ClusterConfig read(Settings settings) {
        return new ClusterConfig(
                settings.text("cluster.host"),
                settings.integer("cluster.port", 7_800, 1, 65_536 - PORTS),
                settings.text("cluster.secret"));
    }

    public ClusterConfig {
        if (host.isEmpty() && secret.isPresent()) {
            throw new ConfigException(
                    "cluster.host", "must be set too: this machine's address, at which the other nodes reach it");
        }
        host.filter(any -> any.equals("0.0.0.0") || any.equals("::")).ifPresent(any -> {
            throw new ConfigException(
                    "cluster.host", "must be one address, at which the other nodes reach this one, not " + any);
        });
        if (host.isPresent() && secret.isEmpty() && !HttpConfig.isLoopback(host.get())) {
            throw new ConfigException("cluster.secret", "must be set, since cluster.host is not a loopback address");
        }
        if (secret.isPresent() && secret.get().length() < MIN_SECRET_CHARS) {
            throw new ConfigException(
                    "cluster.secret", "must have at least " + MIN_SECRET_CHARS + " characters, chosen at random");
        }
    }

    public boolean enabled() {
        return host.isPresent();
    }

    /** The port of the event bus. */
    public int busPort() {
        return port + 1;
    }

    /** The port of requests that other nodes pass on. */
    public int requestPort() {
        return port + 2;
    }

    /** The port to which a neighbour of this node keeps a connection: where the connection breaks, this node may have died. */
    public int detectionPort() {
        return port + 3;
    }

    /** The settings without the secret, for logs. */
    @Override
    public String toString() {
        return "Cluster[" + host.map(at -> at + ":" + port).orElse("none") + "]";
    }
}
