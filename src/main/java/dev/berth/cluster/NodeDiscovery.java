package dev.berth.cluster;

import java.net.InetSocketAddress;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCPPING;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.Responses;

/** Asks the nodes at the {@link NodeAddresses} which view they are in: when this node joins, and whenever JGroups looks for other views. */
final class NodeDiscovery extends TCPPING {
    private final NodeAddresses addresses;

    NodeDiscovery(NodeAddresses addresses) {
        this.addresses = addresses;
        // JGroups knows its own classes only.
        id = ClassConfigurator.getProtocolId(TCPPING.class);
        initial_hosts_set_programmatically = true;
        // It takes a second to find out that a node is gone: the others are asked meanwhile.
        async_discovery_use_separate_thread_per_request = true;
        // Of two connections that two nodes make to each other at once, one is closed, with what was sent on it.
        num_discovery_runs = 3;
    }

    @Override
    public void findMembers(List<Address> members, boolean initial, Responses responses) {
        PhysicalAddress own = transport.localPhysicalAddress();
        initial_hosts = addresses.lookUp().stream()
                .<PhysicalAddress>map(NodeDiscovery::physical)
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
