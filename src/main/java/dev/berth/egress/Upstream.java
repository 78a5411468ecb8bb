package dev.berth.egress;

import dev.berth.protocol.Containment.ProxyRule;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A proxy of {@code options.proxy}, between the Chrome's own proxy and a host.
 *
 * @param server as users and logs may see it: scheme, host and port
 * @param scheme {@code http}, {@code https} or {@code socks5}
 * @param username secret, as is the password
 */
record Upstream(
        String server, String scheme, HostName host, int port, Optional<String> username, Optional<String> password) {
    private static final String AFTER_SCHEME = "://";

    /**
     * Throws {@link IllegalArgumentException} where it has no host that can be looked up.
     *
     * @param rule with a server, which has a port
     */
    static Upstream of(ProxyRule rule) {
        String server = rule.server().orElseThrow();
        int scheme = server.indexOf(AFTER_SCHEME);
        int port = server.lastIndexOf(':');
        // The text is not parsed by java.net.URI, which knows fewer hosts: none with an underscore.
        return new Upstream(
                server,
                server.substring(0, scheme),
                HostName.parse(server.substring(scheme + AFTER_SCHEME.length(), port)),
                Integer.parseInt(server.substring(port + 1)),
                rule.username(),
                rule.password());
    }

    boolean isSocks() {
        return scheme.equals("socks5");
    }

    boolean isTls() {
        return scheme.equals("https");
    }

    /** Asks an HTTP proxy for a tunnel. */
    String connectRequest(HostName to, int toPort) {
        String authority = to.inUrl() + ":" + toPort;
        return "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n"
                + username.map(this::authorization).orElse("") + "\r\n";
    }

    private String authorization(String user) {
        byte[] both = (user + ":" + password.orElse("")).getBytes(StandardCharsets.UTF_8);
        return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(both) + "\r\n";
    }

    /** {@code toString} of a record would show the credentials. */
    @Override
    public String toString() {
        return server;
    }
}
