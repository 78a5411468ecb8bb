package dev.berth;

import dev.berth.config.HttpConfig;
import dev.berth.config.ServerConfig;
import dev.berth.node.DataDir;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The text that the server prints at start-up. */
final class Banner {
    private Banner() {}

    /** The text that a started server prints: the parts that it found, and how to use them. */
    static String of(Server server, long startMillis) {
        ServerConfig config = server.config();
        Map<String, String> protections = server.launcher().protections();
        return """

                Berth is ready at %s (%.1f s)
                %s
                  Chrome    %s, %s
                  Held by   %s
                %s\
                  Postgres  %s
                  S3        %s
                  Sessions  up to %d at once: %s; %d Chromes kept warm, node %s
                  API key   %s
                %s
                Try it:

                  curl -s -H "Authorization: Bearer %s" -H 'Content-Type: application/json' \\
                    -d '{"initialPrompt":"https://example.com"}' '%s/api/sessions?wait=running'

                """.formatted(
                        server.url(),
                        startMillis / 1000.0,
                        addressLine(config.http()),
                        server.chromeVersion(),
                        server.launcher().executable(),
                        on(protections),
                        offLines(protections),
                        server.embedded().hasPostgres()
                                ? "embedded, in " + config.dataDir()
                                : place(config.postgres().uri().orElseThrow()),
                        server.embedded().hasS3()
                                ? "embedded, in " + config.dataDir()
                                : place(config.objectStore().endpoint().orElseThrow()),
                        config.sessions().max(),
                        config.sessions().maxReason(),
                        config.chrome().poolSize(),
                        server.machineId(),
                        keyLine(server),
                        fontLine(server.missingFonts()),
                        key(server),
                        server.url());
    }

    /**
     * Line for the server's address. A server that listens on all interfaces can't know the address that others reach it at: the operator
     * does.
     */
    static String addressLine(HttpConfig http) {
        return http.publicUrl().isPresent() || http.host().equals(http.reachableHost())
                ? ""
                : "(on this machine; clients elsewhere use another address: set BERTH_PUBLIC_URL to it)\n";
    }

    private static String keyLine(Server server) {
        ServerConfig config = server.config();
        Path file = config.dataDir().resolve(DataDir.FIRST_KEY);
        if (config.apiKey().isPresent()) {
            return "as set in api-key (BERTH_API_KEY)";
        }
        return server.firstKey()
                .made()
                .map(key -> key + "   (created now, stored in " + file + ")")
                .orElse(
                        server.firstKey().inFile()
                                ? "in " + file
                                : "created by an earlier start; to create another: java -jar berth.jar keys create <name>");
    }

    /** Shell text that expands to the key. The key itself is shown only by the start that made it. */
    private static String key(Server server) {
        String file = server.config().dataDir().resolve(DataDir.FIRST_KEY).toString();
        return server.firstKey().inFile()
                ? server.firstKey().made().orElse("$(cat '" + file.replace("'", "'\\''") + "')")
                : "$BERTH_API_KEY";
    }

    private static String on(Map<String, String> protections) {
        return protections.entrySet().stream()
                .filter(protection -> protection.getValue().equals("on"))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
    }

    /** A line for each protection of Chromes that is off, with the reason. */
    private static String offLines(Map<String, String> protections) {
        return protections.entrySet().stream()
                .filter(protection -> !protection.getValue().equals("on"))
                .map(protection -> "            " + protection.getKey() + " " + protection.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private static String fontLine(List<String> missing) {
        return missing.isEmpty() ? "" : """
                  Fonts     none for %s: screenshots show empty boxes. Debian has fonts-noto-core,
                            fonts-noto-cjk and fonts-noto-color-emoji
                """.formatted(String.join(", ", missing));
    }

    private static String place(URI uri) {
        return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    /** The addresses of the embedded servers, as settings for another process. */
    static String settings(ServerConfig config) {
        return """
                BERTH_POSTGRES_URI=%s
                BERTH_S3_ENDPOINT=%s
                BERTH_S3_ACCESS_KEY=%s
                BERTH_S3_SECRET_KEY=%s
                BERTH_S3_BUCKET=%s
                """.formatted(
                        config.postgres().uri().orElseThrow(),
                        config.objectStore().endpoint().orElseThrow(),
                        config.objectStore().accessKey(),
                        config.objectStore().secretKey(),
                        config.objectStore().bucket());
    }
}
