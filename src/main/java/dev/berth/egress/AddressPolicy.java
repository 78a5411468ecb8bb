package dev.berth.egress;

import dev.berth.config.AddressRange;
import dev.berth.config.EgressConfig;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Judges addresses. Pure: it looks nothing up and connects to nothing. An IPv6 address that stands for an IPv4 address is judged as
 * both. Judge the very address that is dialled: a name may resolve to another one the next time. Thread-safe.
 */
public final class AddressPolicy {
    /** Addresses that nobody may dial. The first rule that has an address counts: some metadata services are link-local. */
    private static final Map<AddressRule, List<AddressRange>> ALWAYS = new EnumMap<>(Map.of(
            // Metadata addresses of Alibaba, Azure and Oracle; over IPv6 of Amazon, Google and Scaleway; and the
            // link-local ones of all.
            AddressRule.METADATA,
            ranges(
                    "100.100.100.200",
                    "168.63.129.16",
                    "192.0.0.192",
                    "fd00:ec2::/32",
                    "fd20:ce::254",
                    "fd00:42::42",
                    "169.254.169.254",
                    "169.254.170.2",
                    "169.254.170.23",
                    "fe80::a9fe:a9fe"),
            AddressRule.LINK_LOCAL,
            ranges("169.254.0.0/16", "fe80::/10"),
            AddressRule.UNSPECIFIED,
            ranges("0.0.0.0/8", "::"),
            AddressRule.MULTICAST,
            ranges("224.0.0.0/4", "ff00::/8"),
            // Special-purpose addresses (RFC 6890), which no server on the Internet has.
            AddressRule.RESERVED,
            ranges(
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "240.0.0.0/4",
                    "64:ff9b:1::/48",
                    "100::/64",
                    "2001::/32",
                    "2001:db8::/32",
                    "3fff::/20")));

    private static final List<AddressRange> LOOPBACK = ranges("127.0.0.0/8", "::1");

    /** Networks of companies and homes, of providers (RFC 6598) and of benchmarks (RFC 2544), and the two kinds of IPv6. */
    private static final List<AddressRange> PRIVATE = ranges(
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15", "fc00::/7", "fec0::/10");

    private final EgressConfig settings;
    private final Supplier<Set<InetAddress>> ofThisMachine;
    private final OwnServers own;

    /**
     * @param ofThisMachine this machine's addresses at the moment, beside loopback: a connection to one of them stays on the machine too
     */
    public AddressPolicy(EgressConfig settings, Supplier<Set<InetAddress>> ofThisMachine, OwnServers own) {
        this.settings = settings;
        this.ofThisMachine = ofThisMachine;
        this.own = own;
    }

    /** The rule that decides on a connection to this address and port. */
    public AddressRule judge(InetAddress address, int port) {
        byte[] outer = address.getAddress();
        AddressRule rule = judge(outer, address, port);
        return !rule.allows()
                ? rule
                : EmbeddedAddress.in(outer)
                        .map(inner -> judge(inner, port))
                        .filter(inner -> !inner.allows() || rule == AddressRule.PUBLIC)
                        .orElse(rule);
    }

    private AddressRule judge(byte[] bytes, InetAddress address, int port) {
        return ALWAYS.entrySet().stream()
                .filter(rule -> has(rule.getValue(), bytes))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> bySettings(
                        address, has(LOOPBACK, bytes) || ofThisMachine.get().contains(address), port));
    }

    private AddressRule bySettings(InetAddress address, boolean ofThisMachine, int port) {
        byte[] bytes = address.getAddress();
        if (ofThisMachine && own.here(port) || own.elsewhere(address, port)) {
            return AddressRule.OWN_PORT;
        } else if (has(settings.deny(), bytes)) {
            return AddressRule.DENIED;
        } else if (ofThisMachine) {
            return allowed(settings.loopback(), bytes, AddressRule.LOOPBACK);
        } else if (has(PRIVATE, bytes)) {
            return allowed(settings.privateRanges(), bytes, AddressRule.PRIVATE);
        }
        return AddressRule.PUBLIC;
    }

    private AddressRule allowed(boolean byKind, byte[] bytes, AddressRule otherwise) {
        return byKind || has(settings.allow(), bytes) ? AddressRule.ALLOWED : otherwise;
    }

    private static boolean has(List<AddressRange> ranges, byte[] address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts).map(AddressRange::parse).toList();
    }

    /** Servers of Berth itself, which nobody may reach, whatever is allowed. */
    @FunctionalInterface
    public interface OwnServers {
        /** Whether a server of Berth listens at this port of this machine. */
        boolean here(int port);

        /** Whether a server of Berth listens at this address of another machine. */
        default boolean elsewhere(InetAddress address, int port) {
            return false;
        }
    }
}
