package dev.berth.egress;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The results of a Chrome's last connections: the newest of each host and port. For any thread. */
final class Outcomes {
    private static final int MAX = 1_024;

    private final Map<String, Outcome> last = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Outcome> eldest) {
            return size() > MAX;
        }
    };

    synchronized void put(String host, int port, Outcome outcome) {
        String key = key(host, port);
        last.remove(key);
        last.put(key, outcome);
    }

    /** The result of the newest connection to the host of this URL; empty where the URL has none. */
    Optional<Outcome> last(String url) {
        return authority(url).flatMap(this::find);
    }

    private synchronized Optional<Outcome> find(String authority) {
        return Optional.ofNullable(last.get(authority));
    }

    private static Optional<String> authority(String url) {
        try {
            // Only as far as the host: Chrome's paths and queries have characters that Java's do not.
            URI uri = new URI(url.replaceFirst("^([^:/?#]*://[^/?#]*).*", "$1").replaceFirst("://[^@]*@", "://"));
            String authority = Optional.ofNullable(uri.getRawAuthority()).orElse("");
            int colon = authority.lastIndexOf(':');
            boolean hasPort = colon > authority.lastIndexOf(']');
            String host = hasPort ? authority.substring(0, colon) : authority;
            return host.isEmpty()
                    ? Optional.empty()
                    : Optional.of(key(
                            host,
                            hasPort ? Integer.parseInt(authority.substring(colon + 1)) : usualPort(uri.getScheme())));
        } catch (URISyntaxException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static int usualPort(String scheme) {
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "https", "wss" -> 443;
            default -> 80;
        };
    }

    private static String key(String host, int port) {
        try {
            return HostName.parse(host).inUrl() + ":" + port;
        } catch (IllegalArgumentException e) {
            return host.toLowerCase(Locale.ROOT) + ":" + port;
        }
    }
}
