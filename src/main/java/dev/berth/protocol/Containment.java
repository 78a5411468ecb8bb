package dev.berth.protocol;

import java.util.List;
import java.util.Optional;

/**
 * What a session's Chrome may reach, and through which proxies, beside what the server's settings say. Holds for every connection of
 * the Chrome, from the first one on.
 *
 * @param allowedDomains the only hosts that it may reach; empty for all that are not blocked
 * @param blockedDomains hosts that it may not reach, even if they are allowed
 * @param blockAds whether the server's block list holds
 * @param proxy the first rule that covers a host holds; where none does, Chrome's connections go there directly
 */
public record Containment(
        Optional<HostPatterns> allowedDomains, HostPatterns blockedDomains, boolean blockAds, List<ProxyRule> proxy) {
    public static final Containment NONE = new Containment(Optional.empty(), HostPatterns.NONE, false, List.of());

    private static final int MAX_RULES = 20;

    public Containment {
        // A list that allows nothing would be read as none.
        Require.present("options.allowedDomains", allowedDomains).ifPresent(allowed -> {
            if (allowed.isEmpty()) {
                throw BerthException.invalid(
                        "options.allowedDomains must have an entry; leave it out to allow all hosts");
            }
        });
        Require.present("options.blockedDomains", blockedDomains);
        proxy = Require.elements("options.proxy", proxy, 0, MAX_RULES);
    }

    /** The rule for connections to this host; empty where they need no proxy, by a rule or for want of one. */
    public Optional<ProxyRule> proxyFor(String host, int port) {
        return proxy.stream()
                .filter(rule -> rule.covers(host, port))
                .findFirst()
                .filter(rule -> rule.server().isPresent());
    }

    Containment redacted() {
        return new Containment(
                allowedDomains,
                blockedDomains,
                blockAds,
                proxy.stream().map(ProxyRule::redacted).toList());
    }
}
