package dev.berth.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * All settings of a server, validated: each nested record checks its own values and throws {@link ConfigException} with
 * the key.
 *
 * @param dataDir folder with the embedded servers' data, the upload spool and this node's identity
 * @param apiKey an API key for the user {@code default}
 */
public record ServerConfig(
        Http http,
        Path dataDir,
        Optional<String> apiKey,
        Postgres postgres,
        ObjectStore objectStore,
        Chrome chrome,
        Sessions sessions,
        Disk disk,
        Recording recording,
        Bodies bodies,
        Ai ai,
        Cluster cluster,
        Egress egress,
        Retention retention,
        Profiles profiles,
        Log log) {

    public ServerConfig {
        dataDir = dataDir.toAbsolutePath().normalize();
        if (!http.loopback() && apiKey.isEmpty()) {
            throw new ConfigException("http.host", "is not a loopback address, so api-key must be set too");
        }
        if (apiKey.isPresent() && apiKey.get().length() < 16) {
            throw new ConfigException("api-key", "must have at least 16 characters");
        }
        if (cluster.enabled()
                && (postgres.uri().isEmpty() || objectStore.endpoint().isEmpty())) {
            throw new ConfigException(
                    "cluster.host",
                    "makes this a node of a cluster, whose nodes share a Postgres and an object store: set postgres.uri"
                            + " and s3.endpoint too (the command 'services' starts both, for a cluster on one machine)");
        }
    }

    /** A copy with the addresses of the servers that were started for it. */
    public ServerConfig withServers(Postgres newPostgres, ObjectStore newObjectStore) {
        return new ServerConfig(
                http,
                dataDir,
                apiKey,
                newPostgres,
                newObjectStore,
                chrome,
                sessions,
                disk,
                recording,
                bodies,
                ai,
                cluster,
                egress,
                retention,
                profiles,
                log);
    }

    /**
     * What the program logs, where it chooses that itself.
     *
     * @param json whether each line is a JSON object, for programs that collect them
     */
    public record Log(boolean json) {
        static Log named(String format) {
            return switch (format) {
                case "text" -> new Log(false);
                case "json" -> new Log(true);
                default -> throw new ConfigException("log.format", "must be text or json");
            };
        }
    }

    /**
     * Where the API listens.
     *
     * @param publicUrl the URL that clients use, if it differs, for example behind a proxy
     * @param allowedHosts which hosts clients may call the server by, beside its own; {@code *} for any
     * @param tls empty where it speaks plain HTTP
     * @param maxBodyBytes limit for the body of an upload; other bodies may have 1 MiB
     * @param maxConnections limit for connections that are open at the same time
     */
    public record Http(
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

        /**
         * Files in PEM: the certificate, with those that it was issued by, and its key. They are read again when they change.
         */
        public record Tls(Path certificate, Path key) {
            /** The key of the file with the certificate. */
            public static final String CERTIFICATE = "http.tls.cert";

            private static final String KEY = "http.tls.key";

            static Optional<Tls> of(Optional<Path> certificate, Optional<Path> key) {
                if (certificate.isPresent() != key.isPresent()) {
                    throw new ConfigException(
                            certificate.isPresent() ? KEY : CERTIFICATE,
                            "must be set too: TLS needs a certificate and its key");
                }
                return certificate.map(file -> new Tls(file, key.orElseThrow()));
            }
        }

        public Http {
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
            requireRange("http.max-connections", maxConnections, 1, 1_000_000);
            requireRange("http.port", port, 0, 65_535);
            requireRange("http.max-body-bytes", maxBodyBytes, 1_024, 1 << 30);
            publicUrl.ifPresent(url -> requireHttpUrl("public-url", url));
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
         * Where clients reach the server; those on this machine, if no public URL is configured.
         *
         * @param boundPort that it listens on
         */
        public String url(int boundPort) {
            String reachable = reachableHost();
            boolean bare = reachable.contains(":") && !reachable.startsWith("[");
            return publicUrl
                    .map(URI::toString)
                    .orElse(scheme() + "://" + (bare ? "[" + reachable + "]" : reachable) + ":" + boundPort);
        }

        /** What the server itself speaks; a proxy before it may speak something else. */
        public String scheme() {
            return tls.isPresent() ? "https" : "http";
        }

        /** Whether only this machine reaches it without a proxy. */
        public boolean loopback() {
            return isLoopback(host);
        }

        /** A server on loopback with a public URL of another host has a proxy before it, for others. */
        boolean reachedFromHereOnly() {
            return loopback() && publicUrl.map(url -> isLoopback(url.getHost())).orElse(true);
        }
    }

    /**
     * The database.
     *
     * @param uri {@code postgresql://user:password@host:port/database}; empty for the embedded one
     * @param poolSize maximum number of connections
     */
    public record Postgres(Optional<URI> uri, int poolSize) {
        public Postgres {
            requireRange("postgres.pool-size", poolSize, 1, 1_000);
            uri.ifPresent(Postgres::requirePostgres);
        }

        private static void requirePostgres(URI uri) {
            boolean known = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
            if (!known
                    || uri.getHost() == null
                    || uri.getPath() == null
                    || uri.getPath().length() < 2) {
                throw new ConfigException(
                        "postgres.uri", "must look like postgresql://user:password@host:5432/database");
            }
        }
    }

    /**
     * The object store.
     *
     * @param endpoint of an S3 server; empty for the embedded one
     * @param publicEndpoint the URL that clients use, if it differs; presigned URLs start with it
     * @param presignSeconds lifetime of a presigned URL
     */
    public record ObjectStore(
            Optional<URI> endpoint,
            Optional<URI> publicEndpoint,
            String accessKey,
            String secretKey,
            String bucket,
            String region,
            int presignSeconds) {
        public ObjectStore {
            requireRange("s3.presign-seconds", presignSeconds, 1, 604_800);
            endpoint.ifPresent(url -> requireHttpUrl("s3.endpoint", url));
            publicEndpoint.ifPresent(url -> requireHttpUrl("s3.public-endpoint", url));
            if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
                throw new ConfigException("s3.bucket", "must be a valid bucket name, such as berth");
            }
            if (endpoint.isPresent() && (accessKey.isEmpty() || secretKey.isEmpty())) {
                throw new ConfigException("s3.endpoint", "needs s3.access-key and s3.secret-key too");
            }
        }
    }

    /**
     * The browser.
     *
     * @param path the executable; empty to search for one
     * @param sandbox false starts Chrome with {@code --no-sandbox}: pages can then reach everything that the server's
     *     user can
     * @param firstUid first of the user ids that Chromes get, one each, if the server runs as root
     * @param launchTimeoutMillis limit for a start
     * @param parallelLaunches how many Chromes start at the same time; the others wait
     * @param maxMemoryMib a session whose Chrome uses more memory ends with {@code out_of_memory}
     * @param poolSize how many Chromes are started in advance
     */
    public record Chrome(
            Optional<Path> path,
            boolean sandbox,
            int firstUid,
            long launchTimeoutMillis,
            int parallelLaunches,
            int maxMemoryMib,
            int poolSize) {
        public Chrome {
            requireRange("chrome.parallel-launches", parallelLaunches, 1, 1_000);
            requireRange("chrome.max-memory-mib", maxMemoryMib, 128, 1 << 20);
            requireRange("pool.size", poolSize, 0, 1_000);
            requireRange("chrome.first-uid", firstUid, 1_000, 2_000_000_000);
            requireRange("chrome.launch-timeout-millis", launchTimeoutMillis, 1_000, 300_000);
        }
    }

    /**
     * Limits and defaults of sessions.
     *
     * @param max how many sessions this node runs at the same time
     * @param maxPerKey how many of them one user may have, by all keys together
     * @param queueMax how many more may wait for a place
     * @param queueTimeoutMillis how long a session waits for a place
     * @param idleTimeoutMillis default for {@code options.timeouts.idle}
     * @param lifetimeMillis default for {@code options.timeouts.lifetime}
     * @param reconnectMillis default for {@code options.timeouts.reconnect}
     * @param maxLifetimeMillis the largest lifetime that a client may ask for
     * @param pricePerHour US dollars per hour of browser time
     * @param drainSeconds how long sessions may go on when the node is drained or shut down
     * @param trafficMib how much each may send and receive; 0 for any amount
     */
    public record Sessions(
            int max,
            int maxPerKey,
            int queueMax,
            long queueTimeoutMillis,
            long idleTimeoutMillis,
            long lifetimeMillis,
            long reconnectMillis,
            long maxLifetimeMillis,
            double pricePerHour,
            long drainSeconds,
            int trafficMib) {
        public Sessions {
            requireRange("sessions.max", max, 1, 10_000);
            requireRange("sessions.max-per-key", maxPerKey, 1, 1_000_000);
            requireRange("sessions.queue-max", queueMax, 0, 10_000);
            requireRange("sessions.queue-timeout-millis", queueTimeoutMillis, 100, 3_600_000);
            requireRange("sessions.max-lifetime-millis", maxLifetimeMillis, 1_000, 30L * 86_400_000);
            requireRange("sessions.idle-timeout-millis", idleTimeoutMillis, 1_000, maxLifetimeMillis);
            requireRange("sessions.lifetime-millis", lifetimeMillis, 1_000, maxLifetimeMillis);
            requireRange("sessions.reconnect-millis", reconnectMillis, 0, maxLifetimeMillis);
            requireRange("drain-seconds", drainSeconds, 0, 86_400);
            requireRange("session.traffic-mib", trafficMib, 0, 1 << 30);
            if (!(pricePerHour >= 0 && pricePerHour < 1_000_000)) {
                throw new ConfigException("price-per-hour", "must be a price in US dollars, 0 or more");
            }
        }
    }

    /**
     * Disk space of this node that sessions use.
     *
     * @param sessionMib limit for what a live session has on disk; beyond it the session ends with {@code disk_full}
     *     (its downloads are cancelled earlier). The same limit holds for the files that are kept of a session, and for
     *     its logs
     * @param floorMib free space of the disk below which no session is created and the largest one ends
     */
    public record Disk(int sessionMib, int floorMib) {
        public Disk {
            requireRange("session.disk-mib", sessionMib, 16, 1 << 20);
            requireRange("disk.floor-mib", floorMib, 0, 1 << 30);
        }

        public long sessionBytes() {
            return (long) sessionMib << 20;
        }

        public long floorBytes() {
            return (long) floorMib << 20;
        }
    }

    /**
     * Videos of sessions.
     *
     * @param ffmpeg the encoder; empty for the one that comes with Berth
     * @param max how many are recorded at the same time
     * @param firstUid first of the user ids that encoders get, one each, if the server runs as root
     * @param maxMib limit for a video; beyond it the video ends, not the session
     * @param maxMillis limit for the length of a video, likewise
     */
    public record Recording(Optional<Path> ffmpeg, int max, int firstUid, int maxMib, long maxMillis) {
        /** Chromes have those from 61,000 up. */
        static final int MAX_ENCODERS = 100;

        public Recording {
            requireRange("recording.max", max, 0, MAX_ENCODERS);
            requireRange("recording.first-uid", firstUid, 1_000, 2_000_000_000);
            requireRange("recording.max-mib", maxMib, 1, 1 << 20);
            requireRange("recording.max-millis", maxMillis, 1_000, 30L * 86_400_000);
        }

        public long maxBytes() {
            return (long) maxMib << 20;
        }
    }

    /**
     * What is kept of the contents of requests and responses.
     *
     * @param secrets of what these find, the first group is redacted, or all of it where they have none
     * @param words in lower case: a text without any of them has nothing for {@code secrets} to find; empty where that is unknown
     */
    public record Bodies(List<Pattern> secrets, List<String> words) {
        /** Each name in {@link #DEFAULT} has one of them. */
        private static final List<String> DEFAULT_WORDS =
                List.of("passw", "pwd", "secret", "token", "api", "authorization", "credential");

        /** Fields of JSON and of forms whose names are those of secrets. */
        private static final String DEFAULT = """
                (?i)"[\\w.-]{0,64}(?:passw|pwd|secret|token|api_?-?key|authorization|credential)[\\w.-]{0,64}"\\s*+:\\s*+"([^"\\\\]*+(?:\\\\.[^"\\\\]*+)*+)
                (?i)(?:^|[&?;\\s])[\\w.%\\[\\]-]{0,64}(?:passw|pwd|secret|token|api_?-?key|credential)[\\w.%\\[\\]-]{0,64}=([^&\\s"'<>;]++)
                """;

        public Bodies {
            secrets = List.copyOf(secrets);
            words = List.copyOf(words);
        }

        /** @param lines one regular expression a line; absent for {@link #DEFAULT} */
        static Bodies redacting(Optional<String> lines) {
            try {
                List<Pattern> secrets = lines.orElse(DEFAULT)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .map(Pattern::compile)
                        .toList();
                return new Bodies(secrets, lines.isPresent() ? List.of() : DEFAULT_WORDS);
            } catch (PatternSyntaxException e) {
                throw new ConfigException("bodies.redact", "is no regular expression: " + e.getDescription());
            }
        }
    }

    /**
     * The language model of AI tasks; there is one if {@code model} is set.
     *
     * @param baseUrl of an endpoint with the provider's API; empty for the provider's own
     * @param priceInput US dollars per million tokens, as the other prices
     * @param maxCostUsd limit for a task that sets none
     * @param vision whether the model takes images
     * @param timeoutMillis limit for one call
     * @param maxTasks how many tasks this node runs at the same time
     */
    public record Ai(
            Provider provider,
            Optional<URI> baseUrl,
            Optional<String> apiKey,
            Optional<String> model,
            double priceInput,
            double priceCachedInput,
            double priceOutput,
            double maxCostUsd,
            boolean vision,
            long timeoutMillis,
            int maxTasks) {
        /** Whose API the endpoint has. */
        public enum Provider {
            OPENAI,
            ANTHROPIC;

            static Provider named(String name) {
                return switch (name) {
                    case "openai" -> OPENAI;
                    case "anthropic" -> ANTHROPIC;
                    default -> throw new ConfigException("ai.provider", "must be openai or anthropic");
                };
            }
        }

        public Ai {
            requirePrice("ai.price-input", priceInput);
            requirePrice("ai.price-cached-input", priceCachedInput);
            requirePrice("ai.price-output", priceOutput);
            requirePrice("ai.max-cost-usd", maxCostUsd);
            requireRange("ai.timeout-millis", timeoutMillis, 1_000, 600_000);
            requireRange("ai.max-tasks", maxTasks, 1, 1_000);
            baseUrl.ifPresent(Ai::requireBaseUrl);
            if (model.isEmpty() && (baseUrl.isPresent() || apiKey.isPresent())) {
                throw new ConfigException("ai.model", "must be set too");
            }
            if (model.isPresent() && baseUrl.isEmpty() && apiKey.isEmpty()) {
                throw new ConfigException("ai.api-key", "must be set too, or ai.base-url for a model without a key");
            }
            apiKey.filter(key -> !key.matches("[\\x21-\\x7e]+")).ifPresent(key -> {
                throw new ConfigException("ai.api-key", "has characters that no key has");
            });
        }

        private static void requireBaseUrl(URI url) {
            requireHttpUrl("ai.base-url", url);
            if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
                throw new ConfigException("ai.base-url", "must have no user, query or fragment");
            }
        }

        private static void requirePrice(String key, double usd) {
            if (!(usd >= 0 && usd <= 1_000_000)) {
                throw new ConfigException(key, "must be from 0 to 1000000");
            }
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "Ai[" + provider + ", " + model.orElse("no model") + "]";
        }
    }

    /**
     * The cluster that this node belongs to; there is one if {@code host} is set.
     *
     * @param host this machine's address, at which the other nodes reach it
     * @param port the first of four consecutive ports there: of the membership, of the event bus, of requests that other nodes pass on,
     *     and of the membership's failure detection
     * @param secret what the nodes have in common: nobody joins, reads or sends without it
     */
    public record Cluster(Optional<String> host, int port, Optional<String> secret) {
        /** How many consecutive ports a node takes. */
        public static final int PORTS = 4;

        private static final int MIN_SECRET_CHARS = 16;

        public Cluster {
            requireRange("cluster.port", port, 1, 65_536 - PORTS);
            if (host.isEmpty() && secret.isPresent()) {
                throw new ConfigException(
                        "cluster.host", "must be set too: this machine's address, at which the other nodes reach it");
            }
            host.filter(any -> any.equals("0.0.0.0") || any.equals("::")).ifPresent(any -> {
                throw new ConfigException(
                        "cluster.host", "must be one address, at which the other nodes reach this one, not " + any);
            });
            if (host.isPresent() && secret.isEmpty() && !isLoopback(host.get())) {
                throw new ConfigException(
                        "cluster.secret", "must be set, since cluster.host is not a loopback address");
            }
            if (secret.isPresent() && secret.get().length() < MIN_SECRET_CHARS) {
                throw new ConfigException(
                        "cluster.secret", "must have at least " + MIN_SECRET_CHARS + " characters, chosen at random");
            }
        }

        public boolean enabled() {
            return host.isPresent();
        }

        /** Where the event bus listens. */
        public int busPort() {
            return port + 1;
        }

        /** Where requests that other nodes pass on come in. */
        public int requestPort() {
            return port + 2;
        }

        /** To which a neighbour of this node keeps a connection: where it breaks, this node may have died. */
        public int detectionPort() {
            return port + 3;
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Cluster[" + host.map(at -> at + ":" + port).orElse("none") + "]";
        }
    }

    /**
     * Where this server and its Chromes may connect to for its users, beside the Internet. Some addresses are always denied, whatever is set here.
     *
     * @param loopback whether all of this machine's own addresses are allowed
     * @param privateRanges whether all private networks are
     * @param allow which private and loopback addresses are, too
     * @param deny which are not, public ones too; stronger than what is allowed
     * @param blockList the hosts that {@code options.blockAds} blocks, one a line, or a hosts file
     */
    public record Egress(
            boolean loopback,
            boolean privateRanges,
            List<AddressRange> allow,
            List<AddressRange> deny,
            Optional<Path> blockList) {
        public Egress {
            allow = List.copyOf(allow);
            deny = List.copyOf(deny);
        }

        /** Without a block list. */
        public Egress(boolean loopback, boolean privateRanges, List<AddressRange> allow, List<AddressRange> deny) {
            this(loopback, privateRanges, allow, deny, Optional.empty());
        }

        /**
         * @param allowed ranges, {@code loopback}, {@code private}, or {@code none}; if empty, both kinds where only this machine
         *     reaches the server, and none elsewhere
         */
        static Egress of(
                List<String> allowed, List<String> denied, Optional<Path> blockList, boolean reachedFromHereOnly) {
            return new Egress(
                    allowed.isEmpty() ? reachedFromHereOnly : allowed.contains("loopback"),
                    allowed.isEmpty() ? reachedFromHereOnly : allowed.contains("private"),
                    ranges("egress.allow", allowed, Set.of("loopback", "private", "none")),
                    ranges("egress.deny", denied, Set.of()),
                    blockList);
        }

        private static List<AddressRange> ranges(String key, List<String> texts, Set<String> words) {
            if (texts.contains("none") && texts.size() > 1) {
                throw new ConfigException(key, "must have nothing beside none");
            }
            try {
                return texts.stream()
                        .filter(text -> !words.contains(text))
                        .map(AddressRange::parse)
                        .toList();
            } catch (IllegalArgumentException e) {
                throw new ConfigException(key, "must be ranges, separated by commas: " + e.getMessage());
            }
        }
    }

    /**
     * For how long ended sessions are kept; 0 days is for ever.
     *
     * @param days all of a session
     * @param recordingDays its videos
     * @param artifactDays its other files
     * @param logDays its console, its network and its bodies
     * @param profileDays profiles, since a session last used them
     * @param sweepSeconds between two looks for what is older
     * @param checkHours between two comparisons of the object store with Postgres; 0 for none
     */
    public record Retention(
            int days,
            int recordingDays,
            int artifactDays,
            int logDays,
            int profileDays,
            int sweepSeconds,
            int checkHours) {
        private static final int MAX_DAYS = 36_500;

        public Retention {
            requireRange("retention.days", days, 0, MAX_DAYS);
            requireRange("retention.recording-days", recordingDays, 0, MAX_DAYS);
            requireRange("retention.artifact-days", artifactDays, 0, MAX_DAYS);
            requireRange("retention.log-days", logDays, 0, MAX_DAYS);
            requireRange("retention.profile-days", profileDays, 0, MAX_DAYS);
            requireRange("retention.sweep-seconds", sweepSeconds, 1, 86_400);
            requireRange("retention.check-hours", checkHours, 0, 8_760);
        }
    }

    /**
     * What sessions begin with, and save at their end.
     *
     * @param keys each of 32 bytes: versions are encrypted with the first; the others read what was encrypted before. Empty for a key
     *     that the data directory has, which a node of a cluster can't use
     * @param maxMib limit for a version
     * @param maxPerUser how many profiles a user may have
     */
    public record Profiles(List<byte[]> keys, int maxMib, int maxPerUser) {
        /** The key of the setting with the keys, in the file and in the environment. */
        public static final String KEY = "profile.key (BERTH_PROFILE_KEY)";

        private static final int KEY_BYTES = 32;

        public Profiles {
            keys = List.copyOf(keys);
            requireRange("profile.max-mib", maxMib, 1, 256);
            requireRange("profile.max-per-user", maxPerUser, 1, 10_000);
        }

        static Profiles of(List<String> keys, int maxMib, int maxPerUser) {
            return new Profiles(keys.stream().map(Profiles::key).toList(), maxMib, maxPerUser);
        }

        private static byte[] key(String text) {
            try {
                byte[] key = Base64.getDecoder().decode(text);
                if (key.length == KEY_BYTES) {
                    return key;
                }
            } catch (IllegalArgumentException e) {
                // As below: the text is a secret, and what is wrong with it would show some of it.
            }
            throw new ConfigException(
                    "profile.key", "must be keys of 32 bytes in base64, separated by commas: openssl rand -base64 32");
        }

        public long maxBytes() {
            return (long) maxMib << 20;
        }

        /** Without the keys. */
        @Override
        public String toString() {
            return "Profiles[" + keys.size() + " keys, " + maxMib + " MiB, " + maxPerUser + " of a user]";
        }
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.matches("::1|\\[::1]");
    }

    private static void requireRange(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new ConfigException(key, "must be from " + min + " to " + max + ", not " + value);
        }
    }

    private static void requireHttpUrl(String key, URI url) {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new ConfigException(key, "must be an http:// or https:// URL");
        }
    }
}
