package dev.berth.egress;

import dev.berth.protocol.Containment;
import java.net.InetAddress;
import java.util.Optional;

/** The hosts and addresses that one session's Chrome may reach, and the route to each. Looks nothing up. Immutable. */
public final class EgressPolicy {
    private final Containment containment;
    private final AddressPolicy addresses;
    private final Optional<BlockList> ads;

    /** @param ads the list that holds, if one does */
    EgressPolicy(Containment containment, AddressPolicy addresses, Optional<BlockList> ads) {
        this.containment = containment;
        this.addresses = addresses;
        this.ads = ads;
    }

    /**
     * Why a connection to this host is refused, if it is. Only the text of a name is judged here: its addresses are judged once it was
     * looked up.
     */
    Optional<Outcome> refusal(HostName host, int port) {
        Optional<AddressRule> address = host.address()
                // Localhost is judged here, since it may be a proxy on this machine that would look it up.
                .or(() -> Optional.of(InetAddress.getLoopbackAddress()).filter(loopback -> host.isLocalhost()))
                .map(each -> addresses.judge(each, port))
                .filter(rule -> !rule.allows());
        return address.filter(AddressRule::isFixed)
                .map(rule -> blocked(host, rule))
                .or(() -> byName(host, port))
                .or(() -> address.map(rule -> blocked(host, rule)));
    }

    private Optional<Outcome> byName(HostName host, int port) {
        String name = host.name();
        if (containment.blockedDomains().matches(name, port)) {
            return blocked(EgressRule.BLOCKED_DOMAINS, "options.blockedDomains includes " + host.inUrl() + ":" + port);
        } else if (containment
                .allowedDomains()
                .filter(allowed -> !allowed.matches(name, port))
                .isPresent()) {
            return blocked(
                    EgressRule.ALLOWED_DOMAINS, "options.allowedDomains does not include " + host.inUrl() + ":" + port);
        }
        return ads.flatMap(list -> list.find(name))
                .flatMap(listed ->
                        blocked(EgressRule.BLOCK_ADS, "options.blockAds is on, and its list includes " + listed));
    }

    private static Optional<Outcome> blocked(EgressRule rule, String words) {
        return Optional.of(Outcome.blocked(rule, words));
    }

    private static Outcome blocked(HostName host, AddressRule rule) {
        return Outcome.blocked(host.address()
                .map(address -> new EgressRefused(address, rule))
                .orElseGet(() -> new EgressRefused(host.name(), rule)));
    }

    /** The proxy of {@code options.proxy} that this host is reached by; empty where it is reached directly. */
    Optional<Upstream> upstream(HostName host, int port) {
        return containment.proxyFor(host.name(), port).map(Upstream::of);
    }
}
