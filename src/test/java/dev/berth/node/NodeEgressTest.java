package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.ConfigLoader;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nobody may reach, as it is Berth's own. */
class NodeEgressTest {
    private static Set<Integer> ownPorts(Map<String, String> environment) {
        return NodeEgress.ownServers(ConfigLoader.withoutFile(environment)).stream()
                .map(HostAndPort::port)
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource({
        "http://minio/, https://files.example, 80, 443",
        "https://minio, http://files.example/a, 443, 80",
        "http://minio:9000, https://files.example:8443, 9000, 8443"
    })
    void thePortsOfTheObjectStoreAreBerthsOwn(String endpoint, String publicEndpoint, int port, int publicPort) {
        assertThat(ownPorts(Map.of(
                        "BERTH_S3_ENDPOINT",
                        endpoint,
                        "BERTH_S3_PUBLIC_ENDPOINT",
                        publicEndpoint,
                        "BERTH_S3_ACCESS_KEY",
                        "a",
                        "BERTH_S3_SECRET_KEY",
                        "b")))
                .containsExactlyInAnyOrder(port, publicPort);
    }

    @Test
    void aServerThatCanNotBeLookedUpKeepsItsAddresses() throws Exception {
        Set<InetAddress> earlier = Set.of(InetAddress.getByName("10.0.0.9"));
        assertThat(NodeEgress.addresses(HostAndPort.create("no..host", 5_432), Set.of(), earlier))
                .isEqualTo(earlier);
        assertThat(NodeEgress.addresses(HostAndPort.create("10.0.0.8", 5_432), Set.of(), earlier))
                .containsExactly(InetAddress.getByName("10.0.0.8"));
    }

    @Test
    void aPublicAddressIsBerthsOwnOnlyOnThisMachine() throws Exception {
        InetAddress address = InetAddress.getByName("8.8.8.8");
        HostAndPort server = HostAndPort.create("8.8.8.8", 443);
        assertThat(NodeEgress.addresses(server, Set.of(), Set.of())).isEmpty();
        assertThat(NodeEgress.addresses(server, Set.of(address), Set.of())).containsExactly(address);
    }

    @Test
    void thePortOfPostgresIsBerthsOwn() {
        assertThat(ownPorts(Map.of("BERTH_POSTGRES_URI", "postgresql://u:p@db/berth")))
                .containsExactly(5_432);
    }
}
