package dev.berth.cluster;

import dev.berth.config.ClusterConfig;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FD_SOCK;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.PerDestinationBundler;
import org.jgroups.protocols.RSVP;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.DefaultSocketFactory;
import org.jgroups.util.Responses;
import org.jgroups.util.SocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How JGroups is set up. Three processes were stopped (SIGSTOP), killed, and cut off from each other: what is set here is what heals
 * without a restart, each time.
 */
final class GroupStack {
    private static final Logger log = LoggerFactory.getLogger(GroupStack.class);

    static final int CONNECT_MILLIS = 1_000;
    private static final int HANDSHAKE_MILLIS = 2_000;
    /**
     * Limit for a frame, in bytes, above the size of the parts that JGroups cuts longer messages into: a frame that claims more is refused
     * before it is read.
     */
    private static final int MAX_FRAME_BYTES = 1 << 17;

    private GroupStack() {}

    /** Blocks. Fails with {@link JoinException} where a port can't be listened on. */
    static JChannel channel(ClusterConfig config, NodeAddresses addresses, SocketFactory sockets) throws Exception {
        String host = config.host().orElseThrow();
        // JGroups does not say why it can't listen.
        InetAddress local = require(host, config.port());
        require(host, config.detectionPort());
        TCP tcp = new TCP();
        tcp.setSocketFactory(sockets);
        tcp.setBindAddress(local).setBindPort(config.port()).setPortRange(0);
        // Strangers in the network can connect: JGroups would log a line for each of their messages.
        tcp.logAcceptError(false).logDetails(false);
        tcp.tcpNodelay(true).setSockConnTimeout(CONNECT_MILLIS).setLinger(-1).setMaxLength(MAX_FRAME_BYTES);
        JChannel channel = new JChannel(
                        tcp,
                        new Discovery(addresses),
                        new MERGE3().setMaxInterval(5_000).setMinInterval(2_000),
                        // FD_SOCK2 has no TLS.
                        new Detection()
                                .setBindAddress(local)
                                .setStartPort(config.detectionPort())
                                .setPortRange(0),
                        new FD_ALL3().setTimeout(8_000).setInterval(2_000),
                        new VERIFY_SUSPECT2().setTimeout(1_000),
                        new NAKACK2().useMcastXmit(false).setXmitInterval(200),
                        new UNICAST3(),
                        new STABLE(),
                        new GMS().setJoinTimeout(1_500).printLocalAddress(false),
                        new UFC(),
                        new MFC(),
                        new FRAG4(),
                        new RSVP()
                                .throwExceptionOnTimeout(false)
                                .setResendInterval(500)
                                .setTimeout(2_000))
                .name(JoinException.text(host, config.port()));
        tcp.getDiagnosticsHandler().setEnabled(false);
        Bundler bundler = new Bundler();
        bundler.init(tcp);
        tcp.setBundler(bundler);
        return channel;
    }

    private static InetAddress require(String host, int port) {
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getByName(host))) {
            return free.getInetAddress();
        } catch (UnknownHostException e) {
            throw new JoinException("cluster.host (BERTH_CLUSTER_HOST): " + host + " has no address", e);
        } catch (Exception e) {
            throw JoinException.port(host, port, e);
        }
    }

    /** With keys, all sockets of JGroups talk TLS, with nodes of this cluster alone. */
    static SocketFactory sockets(Vertx vertx, Optional<ClusterKeys> keys) throws Exception {
        if (keys.isEmpty()) {
            return new DefaultSocketFactory();
        }
        SSLContext context = keys.get().context(vertx);
        DefaultSocketFactory sockets = new DefaultSocketFactory(context);
        SSLParameters mutual = ClusterKeys.mutual(context.getDefaultSSLParameters());
        sockets.setServerSocketConfigurator(socket -> ((SSLServerSocket) socket).setSSLParameters(mutual));
        sockets.setSocketConfigurator(socket -> dial((SSLSocket) socket, mutual));
        return sockets;
    }

    /** JGroups makes one connection at a time: a node that stands still must not hold it up. */
    private static void dial(SSLSocket socket, SSLParameters mutual) {
        socket.setSSLParameters(mutual);
        limit(socket, HANDSHAKE_MILLIS);
        socket.addHandshakeCompletedListener(done -> limit(socket, 0));
    }

    private static void limit(SSLSocket socket, int millis) {
        try {
            socket.setSoTimeout(millis);
        } catch (SocketException e) {
            log.debug("a connection was closed while it was made: {}", e.getMessage());
        }
    }

    /**
     * Sends to each node on a thread of its own: with JGroups's default and TLS, a node that stands still makes the healthy ones lose each
     * other. JGroups's own class ends no thread of a node that is gone, and begins new ones after its end.
     */
    private static final class Bundler extends PerDestinationBundler {
        private volatile boolean stopped;

        @Override
        public void viewChange(View view) {
            Map<Address, SendBuffer> before = Map.copyOf(dests);
            super.viewChange(view);
            before.forEach((node, buffer) -> {
                if (dests.get(node) != buffer) {
                    buffer.stop();
                }
            });
        }

        @Override
        public void send(Message message) throws Exception {
            if (!stopped) {
                super.send(message);
            }
        }

        @Override
        public void stop() {
            stopped = true;
            super.stop();
        }
    }

    /** Closes its connections without a good-bye: JGroups waits for ever to say it to a stranger that does not complete TLS. */
    private static final class Detection extends FD_SOCK {
        Detection() {
            id = ClassConfigurator.getProtocolId(FD_SOCK.class);
        }

        @Override
        public void stopServerSocket(boolean graceful) {
            super.stopServerSocket(false);
        }
    }

    /** Asks the nodes at the {@link NodeAddresses} which view they are in: when this node joins, and whenever JGroups looks for other views. */
    private static final class Discovery extends TCPPING {
        private final NodeAddresses addresses;

        Discovery(NodeAddresses addresses) {
            this.addresses = addresses;
            // JGroups knows its own classes only.
            id = ClassConfigurator.getProtocolId(TCPPING.class);
            initial_hosts_set_programmatically = true;
            // A connection to a node that is gone fails after a second: the others are asked meanwhile.
            async_discovery_use_separate_thread_per_request = true;
            // Of two connections that two nodes make to each other at once, one is closed, with what was sent on it.
            num_discovery_runs = 3;
        }

        @Override
        public void findMembers(List<Address> members, boolean initial, Responses responses) {
            PhysicalAddress own = transport.localPhysicalAddress();
            initial_hosts = addresses.lookUp().stream()
                    .<PhysicalAddress>map(Discovery::physical)
                    .filter(address -> !address.equals(own))
                    .toList();
            // JGroups would never forget the addresses that it has learned besides.
            clearDynamicHostList();
            if (initial && initial_hosts.isEmpty()) {
                responses.done();
            } else {
                super.findMembers(members, initial, responses);
            }
        }

        private static IpAddress physical(InetSocketAddress address) {
            return new IpAddress(address.getAddress(), address.getPort());
        }
    }
}
