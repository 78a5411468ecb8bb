package dev.berth.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The listener of the API.
 *
 * @param publicUrl the URL that clients use, if it differs, for example behind a proxy
 * @param allowedHosts which hosts clients may call the server by, beside its own; {@code *} for any
 * @param tls empty where the server speaks plain HTTP
 * @param maxBodyBytes limit for the body of an upload; other bodies may have 1 MiB
 * @param maxConnections limit for connections that are open at the same time
 */
public record HttpConfig(
        String host,
        int port,
        Optional<URI> publicUrl,
        Set<String> corsOrigins,
        Set<String> allowedHosts,
        Optional<Tls> tls,
        int maxBodyBytes,
        int maxConnections) {
    private static final Pattern ORIGIN =
            Pattern.compile("https?://[a-z0-9.-]+(:\\d+)?|https?://\\[[0-9a-f:]+](:\\d+)?");

    private static final Pattern HOST = Pattern.compile("\\*|[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]");

    static HttpConfig read(Settings settings) {
        return new HttpConfig(
                settings.text("http.host").orElse("127.0.0.1"),
                settings.integer("http.port", 8080, 0, 65_535),
                settings.httpUrl("public-url"),
                Set.copyOf(settings.texts("http.cors-origins")),
                Set.copyOf(settings.texts("http.allowed-hosts")),
                Tls.read(settings),
                settings.integer("http.max-body-bytes", 10 << 20, 1_024, 1 << 30),
                settings.integer("http.max-connections", 10_000, 1, 1_000_000));
    }

    /**
     * Files in PEM: the certificate, with those that it was issued by, and its key. The server reads them again when they change.
     */
    public record Tls(Path certificate, Path key) {
        /** The key of the file with the certificate. */
        public static final String CERTIFICATE = "http.tls.cert";

        private static final String KEY = "http.tls.key";

        static Optional<Tls> read(Settings settings) {
            Optional<Path> certificate = settings.path(CERTIFICATE);
            Optional<Path> key = settings.path(KEY);
            if (certificate.isPresent() != key.isPresent()) {
                throw new ConfigException(
                        certificate.isPresent() ? KEY : CERTIFICATE,
                        "must be set too: TLS needs a certificate and its key");
            }
            return certificate.map(file -> new Tls(file, key.orElseThrow()));
        }
    }

    public HttpConfig {
        corsOrigins = Set.copyOf(corsOrigins);
        allowedHosts = Set.copyOf(allowedHosts);
        allowedHosts.stream()
                .filter(name -> !HOST.matcher(name).matches())
                .findFirst()
                .ifPresent(odd -> {
                    throw new ConfigException(
                            "http.allowed-hosts",
                            "must be hosts without scheme and port, such as berth.example.com, or * for any, not '"
                                    + odd + "'");
                });
        corsOrigins.stream()
                .filter(origin -> !ORIGIN.matcher(origin).matches())
                .findFirst()
                .ifPresent(odd -> {
                    throw new ConfigException(
                            "http.cors-origins",
                            "must be origins as browsers send them, such as https://app.example.com, not '" + odd
                                    + "'");
                });
        publicUrl
                .filter(url -> url.getRawQuery() != null || url.getRawFragment() != null)
                .ifPresent(url -> {
                    throw new ConfigException("public-url", "must have no query and no fragment");
                });
    }

    /** A host at which this machine reaches the server: one that stands for all addresses is none to connect to. */
    public String reachableHost() {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::", "[::]" -> "::1";
            default -> host;
        };
    }

    /**
     * The public URL; without one, the URL for clients on this machine.
     *
     * @param boundPort that the server listens on
     */
    public String url(int boundPort) {
        String reachable = reachableHost();
        boolean bare = reachable.contains(":") && !reachable.startsWith("[");
        return publicUrl
                .map(URI::toString)
                .orElse(scheme() + "://" + (bare ? "[" + reachable + "]" : reachable) + ":" + boundPort);
    }

    /** The scheme that the server itself speaks; a proxy before it may speak another one. */
    public String scheme() {
        return tls.isPresent() ? "https" : "http";
    }

    /** Whether only this machine reaches the server without a proxy. */
    public boolean loopback() {
        return isLoopback(host);
    }

    /** A server on loopback with a public URL of another host has a proxy before it, for others. */
    boolean reachedFromHereOnly() {
        return loopback() && publicUrl.map(url -> isLoopback(url.getHost())).orElse(true);
    }

    /** Whether {@code host} stands for this machine alone. */
    static boolean isLoopback(String host) {
        return host.equals("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.matches("::1|\\[::1]");
    }
}
