package dev.berth.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.AddressRange;
import dev.berth.config.EgressConfig;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each address is judged by what it is, not by how it is written. */
class AddressPolicyTest {
    private static final int PORT = 443;
    private static final int OWN = 8080;
    private static final EgressConfig NOTHING = new EgressConfig(false, false, List.of(), List.of());
    private static final EgressConfig ALL = new EgressConfig(true, true, List.of(), List.of());

    private static InetAddress address(String spelled) {
        return HostName.parse(spelled).address().orElseThrow();
    }

    private static AddressRule judge(EgressConfig settings, String spelled, int port) {
        Set<InetAddress> ofThisMachine = Set.of(address("203.1.2.3"), address("[2a00::5]"), address("10.7.7.7"));
        return new AddressPolicy(settings, () -> ofThisMachine, p -> p == OWN).judge(address(spelled), port);
    }

    private static EgressConfig with(String allow, String deny) {
        return new EgressConfig(false, false, ranges(allow), ranges(deny));
    }

    private static List<AddressRange> ranges(String texts) {
        return Stream.of(texts.split(" "))
                .filter(text -> !text.isEmpty())
                .map(AddressRange::parse)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        // Clouds' metadata, in every spelling and in every form that stands for an IPv4 address.
        "169.254.169.254, METADATA",
        "2852039166, METADATA",
        "0xa9fea9fe, METADATA",
        "0xA9.0xFE.0xA9.0xFE, METADATA",
        "0251.0376.0251.0376, METADATA",
        "169.254.43518, METADATA",
        "169.16689662, METADATA",
        "169.254.169.254., METADATA",
        "１６９.２５４.１６９.２５４, METADATA",
        "169。254。169。254, METADATA",
        "[::ffff:169.254.169.254], METADATA",
        "[::FFFF:A9FE:A9FE], METADATA",
        "[0:0:0:0:0:ffff:a9fe:a9fe], METADATA",
        "[::169.254.169.254], METADATA",
        "[::ffff:0:169.254.169.254], METADATA",
        "[64:ff9b::a9fe:a9fe], METADATA",
        "[2002:a9fe:a9fe::], METADATA",
        "[2a00::5efe:169.254.169.254], METADATA",
        "[2a00::200:5efe:a9fe:a9fe], METADATA",
        "169.254.170.2, METADATA",
        "100.100.100.200, METADATA",
        "168.63.129.16, METADATA",
        "192.0.0.192, METADATA",
        "[fd00:ec2::254], METADATA",
        "[fd20:ce::254], METADATA",
        "[fe80::a9fe:a9fe], METADATA",
        "169.254.0.1, LINK_LOCAL",
        "[fe80::1], LINK_LOCAL",
        "[febf:ffff::1], LINK_LOCAL",
        "0.0.0.0, UNSPECIFIED",
        "0, UNSPECIFIED",
        "0x0, UNSPECIFIED",
        "0.1.2.3, UNSPECIFIED",
        "[::], UNSPECIFIED",
        "[::ffff:0.0.0.0], UNSPECIFIED",
        "[64:ff9b::], UNSPECIFIED",
        "224.0.0.1, MULTICAST",
        "239.255.255.255, MULTICAST",
        "[ff02::1], MULTICAST",
        "255.255.255.255, RESERVED",
        "4294967295, RESERVED",
        "240.0.0.1, RESERVED",
        "192.0.2.1, RESERVED",
        "[2001::1], RESERVED",
        "[64:ff9b:1::1], RESERVED",
        "[2001:db8::1], RESERVED",
    })
    void someAreAlwaysDenied(String spelled, AddressRule rule) {
        for (EgressConfig settings : List.of(NOTHING, ALL, with("0.0.0.0/0 ::/0", ""))) {
            assertThat(judge(settings, spelled, PORT)).isEqualTo(rule);
        }
        assertThat(rule.allows()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, LOOPBACK",
        "127.1, LOOPBACK",
        "0x7f.1, LOOPBACK",
        "017700000001, LOOPBACK",
        "2130706433, LOOPBACK",
        "127.255.255.254, LOOPBACK",
        "[::1], LOOPBACK",
        "[::127.0.0.1], LOOPBACK",
        "[::ffff:127.0.0.1], LOOPBACK",
        "[64:ff9b::7f00:1], LOOPBACK",
        "[2002:7f00:1::1], LOOPBACK",
        // Addresses that this machine has beside loopback.
        "203.1.2.3, LOOPBACK",
        "[::ffff:203.1.2.3], LOOPBACK",
        "[64:ff9b::cb01:203], LOOPBACK",
        "[2a00::5], LOOPBACK",
        "10.7.7.7, LOOPBACK",
        "10.0.0.1, PRIVATE",
        "10.255.255.255, PRIVATE",
        "172.16.0.1, PRIVATE",
        "172.31.255.255, PRIVATE",
        "192.168.1.1, PRIVATE",
        "100.64.0.1, PRIVATE",
        "198.18.0.1, PRIVATE",
        "[fc00::1], PRIVATE",
        "[fd12:3456::1], PRIVATE",
        "[fec0::1], PRIVATE",
        "[::ffff:10.0.0.1], PRIVATE",
        "[64:ff9b::a00:1], PRIVATE",
        "[2002:c0a8:101::], PRIVATE"
    })
    void loopbackAndPrivateOnesAreAsTheSettingsSay(String spelled, AddressRule rule) {
        assertThat(judge(NOTHING, spelled, PORT)).isEqualTo(rule);
        assertThat(rule.allows()).isFalse();
        assertThat(judge(ALL, spelled, PORT)).isEqualTo(AddressRule.ALLOWED);
        assertThat(judge(with("0.0.0.0/0 ::/0", ""), spelled, PORT)).isEqualTo(AddressRule.ALLOWED);
        assertThat(judge(new EgressConfig(true, false, List.of(), List.of()), spelled, PORT)
                        .allows())
                .isEqualTo(rule == AddressRule.LOOPBACK);
        assertThat(judge(new EgressConfig(false, true, List.of(), List.of()), spelled, PORT)
                        .allows())
                .isEqualTo(rule == AddressRule.PRIVATE);
    }

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8",
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "100.63.255.255",
        "100.128.0.0",
        "169.253.255.255",
        "126.255.255.255",
        "128.0.0.0",
        "223.255.255.255",
        "[2606:4700::1111]",
        "[64:ff9b::808:808]",
        "[2002:808:808::1]",
        "[::ffff:8.8.8.8]"
    })
    void publicOnesAreAllowed(String spelled) {
        assertThat(judge(NOTHING, spelled, PORT)).isEqualTo(AddressRule.PUBLIC);
        assertThat(judge(with("", "0.0.0.0/0 ::/0"), spelled, PORT)).isEqualTo(AddressRule.DENIED);
    }

    @Test
    void anAddressThatThisMachineGetsLaterIsItsOwnFromThenOn() {
        Set<InetAddress> now = new HashSet<>();
        AddressPolicy policy = new AddressPolicy(NOTHING, () -> now, port -> false);
        assertThat(policy.judge(address("203.1.2.3"), PORT)).isEqualTo(AddressRule.PUBLIC);
        now.add(address("203.1.2.3"));
        assertThat(policy.judge(address("203.1.2.3"), PORT)).isEqualTo(AddressRule.LOOPBACK);
    }

    @Test
    void whatIsDeniedIsStrongerThanWhatIsAllowed() {
        EgressConfig settings = with("10.0.0.0/8", "10.1.0.0/16 8.8.8.8");
        assertThat(judge(settings, "10.0.0.1", PORT)).isEqualTo(AddressRule.ALLOWED);
        assertThat(judge(settings, "10.1.0.1", PORT)).isEqualTo(AddressRule.DENIED);
        assertThat(judge(settings, "[64:ff9b::a01:1]", PORT)).isEqualTo(AddressRule.DENIED);
        assertThat(judge(settings, "8.8.8.8", PORT)).isEqualTo(AddressRule.DENIED);
        assertThat(judge(settings, "192.168.0.1", PORT)).isEqualTo(AddressRule.PRIVATE);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "203.1.2.3", "[2a00::5]"})
    void berthsOwnPortsOfThisMachineAreAlwaysDenied(String spelled) {
        assertThat(judge(ALL, spelled, OWN)).isEqualTo(AddressRule.OWN_PORT);
        assertThat(judge(ALL, spelled, PORT).allows()).isTrue();
        assertThat(judge(ALL, "8.8.8.8", OWN)).isEqualTo(AddressRule.PUBLIC);
    }
}
