package dev.berth.it;

import java.io.IOException;
import java.net.NetworkInterface;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Network namespaces for nodes, each with two links: to the clients, Postgres and S3, and to the other nodes. Only within a
 * network namespace of its own, which has no other interface than the loopback.
 */
final class FaultNetwork {
    /** Where the nodes find Postgres and S3. */
    static final String SERVICES = "10.77.1.1";

    static final int NODES = 3;

    FaultNetwork() throws Exception {
        ip("link set lo up");
        List<NetworkInterface> found = Collections.list(NetworkInterface.getNetworkInterfaces());
        if (found.stream().anyMatch(some -> !some.getName().equals("lo"))) {
            throw new IllegalStateException("start this by: unshare -n -m; it found " + found);
        }
        // Without this, a name stays in the mount namespace of the machine.
        run(List.of("mount", "-t", "tmpfs", "none", "/run"));
        for (String bridge : List.of("service", "cluster")) {
            ip("link add " + bridge + " type bridge");
            ip("link set " + bridge + " up");
        }
        ip("address add " + SERVICES + "/24 dev service");
        for (int node = 0; node < NODES; node++) {
            ip("netns add node" + node);
            ip("-n node" + node + " link set lo up");
            join(node, "service", host(node));
            join(node, "cluster", clusterHost(node));
        }
    }

    private void join(int node, String bridge, String address) throws Exception {
        String near = bridge + node;
        ip("link add " + near + " type veth peer name " + bridge + " netns node" + node);
        ip("link set " + near + " master " + bridge + " up");
        ip("-n node" + node + " address add " + address + "/24 dev " + bridge);
        ip("-n node" + node + " link set " + bridge + " up");
    }

    static String host(int node) {
        return "10.77.1." + (10 + node);
    }

    static String clusterHost(int node) {
        return "10.77.2." + (10 + node);
    }

    /** The command that executes another in the namespace of a node. */
    static List<String> in(int node) {
        return List.of("ip", "netns", "exec", "node" + node);
    }

    /** @param up whether the other nodes can be reached */
    void peers(int node, boolean up) throws Exception {
        ip("link set cluster" + node + (up ? " up" : " down"));
    }

    private static void ip(String arguments) throws Exception {
        run(Stream.concat(Stream.of("ip"), Stream.of(arguments.split(" "))).toList());
    }

    static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + said);
        }
    }
}
