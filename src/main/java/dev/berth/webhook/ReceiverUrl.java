package dev.berth.webhook;

import dev.berth.egress.AddressPolicy;
import dev.berth.egress.EgressRefused;
import dev.berth.egress.HostName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL that a webhook's deliveries go to.
 *
 * @param path with the query
 */
public record ReceiverUrl(boolean tls, HostName host, int port, String path) {
    static final int MAX_CHARS = 2_048;

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int MAX_PORT = 65_535;
    private static final Pattern SHAPE = Pattern.compile(
            "(?<scheme>https?)://(?<host>\\[[^]/?#@]*]|[^:/?#@\\[\\]]*)(?::(?<port>\\d{1,5}))?(?<path>[/?].*)?",
            Pattern.CASE_INSENSITIVE);

    /**
     * Why events can't be told there, as the end of a sentence; empty where they can. Looks nothing up: what a name stands for is judged
     * each time that something is sent.
     */
    public static Optional<String> refusal(String url, AddressPolicy policy) {
        try {
            ReceiverUrl parsed = parse(url);
            return parsed.host()
                    .address()
                    .filter(address -> !policy.judge(address, parsed.port()).allows())
                    .map(address -> "must be a URL that Berth may call: "
                            + new EgressRefused(address, policy.judge(address, parsed.port())).getMessage());
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** @throws IllegalArgumentException that says what would be right */
    static ReceiverUrl parse(String url) {
        require(url.length() <= MAX_CHARS, "must have at most " + MAX_CHARS + " characters");
        require(url.matches("(?i)https?://.*"), "must begin with https:// or http://");
        String authority = url.replaceFirst("^[^:]*://", "").replaceFirst("[/?#].*", "");
        require(authority.indexOf('@') < 0, "must have no user name and password");
        require(url.indexOf('#') < 0, "must have no fragment (#…)");
        Matcher parts = SHAPE.matcher(url);
        require(parts.matches(), "must be a URL such as https://example.com/hook");
        boolean tls = parts.group("scheme").equalsIgnoreCase("https");
        String path = parts.group("path") == null ? "/" : parts.group("path");
        require(path.matches("[!-~&&[^\\\\\"<>`{}|^]]*"), "must have special characters in its path percent-encoded");
        return new ReceiverUrl(
                tls,
                host(parts.group("host")),
                port(parts.group("port"), tls),
                path.startsWith("/") ? path : "/" + path);
    }

    private static HostName host(String spelled) {
        try {
            return HostName.parse(spelled);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must have a host: " + e.getMessage());
        }
    }

    private static int port(String digits, boolean tls) {
        int port = digits == null ? tls ? HTTPS_PORT : HTTP_PORT : Integer.parseInt(digits);
        require(port >= 1 && port <= MAX_PORT, "must have a port from 1 to " + MAX_PORT);
        return port;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
