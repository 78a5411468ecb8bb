package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The network limits of a session's Chrome: the hosts that it may reach, and through which proxies, besides the server's settings. Holds
 * for every connection of the Chrome, from the first one on.
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

    /**
     * The proxy of a session's connections to some hosts. Throws {@link BerthException} where it can't be used.
     *
     * @param domains empty for all hosts
     * @param server scheme ({@code http}, {@code https} or {@code socks5}), host and port; empty, in JSON {@code none}, for no proxy
     * @param username secret, as is the password
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ProxyRule(
            HostPatterns domains,
            @JsonSerialize(converter = NoneForAbsent.class) Optional<String> server,
            Optional<String> username,
            Optional<String> password) {
        private static final String NONE = "none";
        /** SOCKS5 has one byte for the length of each (RFC 1929). */
        private static final int MAX_CHARS = 255;

        private static final int MAX_SERVER_CHARS = 1_000;
        private static final Pattern SERVER = Pattern.compile(
                "(https?|socks5)://(\\[[^\\]]*]|[^\\s/?#@\\\\*:\\[\\]]+)(?::(\\d{1,5}))?/?", Pattern.CASE_INSENSITIVE);

        public ProxyRule {
            // Absent where there are none.
            domains = domains == null ? HostPatterns.NONE : domains;
            server = Require.present("options.proxy.server", server)
                    .filter(text -> !text.equalsIgnoreCase(NONE))
                    .map(ProxyRule::canonical);
            requireCredential("username", username);
            requireCredential("password", password);
            if (password.isPresent() && username.isEmpty() || username.isPresent() && server.isEmpty()) {
                throw BerthException.invalid(
                        "options.proxy.password needs a username, and a username needs a server that takes one");
            }
        }

        private static void requireCredential(String name, Optional<String> value) {
            String field = "options.proxy." + name;
            Require.text(field, value, 1, MAX_CHARS);
            value.ifPresent(text -> {
                if (text.chars().anyMatch(c -> c < ' ' || c == 127)) {
                    throw BerthException.invalid(field + " must have no control characters");
                }
            });
        }

        /** Does not quote a wrong server in the error: it may hold a password. */
        private static String canonical(String server) {
            Matcher parts = SERVER.matcher(server);
            if (server.length() > MAX_SERVER_CHARS || !parts.matches() || HostText.isAmbiguous(server)) {
                throw invalid();
            }
            String scheme = parts.group(1).toLowerCase(Locale.ROOT);
            int port = parts.group(3) == null ? usualPort(scheme) : Integer.parseInt(parts.group(3));
            Require.within("options.proxy.server: the port", port, 1, 65_535);
            return scheme + "://" + HostText.canonical(parts.group(2)).orElseThrow(ProxyRule::invalid) + ":" + port;
        }

        private static int usualPort(String scheme) {
            return switch (scheme) {
                case "http" -> 80;
                case "https" -> 443;
                default -> 1_080;
            };
        }

        private static BerthException invalid() {
            return BerthException.invalid(
                    "options.proxy.server must be 'none', or a scheme (http, https or socks5), a host and a port, such as"
                            + " http://proxy.example.com:3128; give the user name and password in their own fields");
        }

        boolean covers(String host, int port) {
            return domains.isEmpty() || domains.matches(host, port);
        }

        /** The same rule with {@code redacted} for user name and password. */
        ProxyRule redacted() {
            return new ProxyRule(
                    domains,
                    server,
                    username.map(text -> HttpCredentials.REDACTED),
                    password.map(text -> HttpCredentials.REDACTED));
        }

        /** {@code toString} of a record would show the credentials. */
        @Override
        public String toString() {
            return "ProxyRule[" + domains.patterns() + " " + server.orElse(NONE) + "]";
        }

        private static final class NoneForAbsent extends StdConverter<Optional<String>, String> {
            @Override
            public String convert(Optional<String> server) {
                return server.orElse(NONE);
            }
        }
    }
}
