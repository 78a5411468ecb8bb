package dev.berth.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A port of its own that behaves as the DevTools port of one Chrome, for clients that can't send a key.
 *
 * @param port empty where there is none
 * @param user the sessions of the port's clients are this user's
 * @param ranges addresses of clients, beside those of this machine
 * @param names that clients may call the port by, beside addresses and {@code localhost}; in lower case
 */
public record CdpConfig(
        String host, Optional<Integer> port, String user, List<AddressRange> ranges, Set<String> names) {
    static CdpConfig read(Settings settings) {
        List<AddressRange> ranges = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String allowed : settings.texts("cdp.allow")) {
            if (allowed.matches("[A-Za-z][A-Za-z0-9.-]*")) {
                names.add(allowed.toLowerCase(Locale.ROOT));
            } else {
                ranges.add(range(allowed));
            }
        }
        int port = settings.integer("cdp.port", 0, 0, 65_535);
        return new CdpConfig(
                settings.text("cdp.host").orElse("127.0.0.1"),
                Optional.of(port).filter(set -> set > 0),
                settings.text("cdp.user").orElse(""),
                ranges,
                names);
    }

    private static AddressRange range(String text) {
        try {
            return AddressRange.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("cdp.allow", e.getMessage());
        }
    }

    public CdpConfig {
        ranges = List.copyOf(ranges);
        names = Set.copyOf(names);
        if (port.isPresent() && user.isEmpty()) {
            throw new ConfigException(
                    "cdp.user", "must be set too: the user whose sessions the clients of cdp.port drive");
        }
        if (port.isPresent() && !HttpConfig.isLoopback(host) && ranges.isEmpty()) {
            throw new ConfigException(
                    "cdp.host",
                    "is not a loopback address, so cdp.allow must name the addresses of clients, such as 10.0.0.0/8:"
                            + " they need no key");
        }
    }
}
