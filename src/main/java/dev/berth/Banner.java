package dev.berth;

import dev.berth.config.ServerConfig;
import java.net.URI;

/** What a person reads at start-up. */
final class Banner {
    private Banner() {}

    /** What the server found, and how to use it. */
    static String of(Server server, long startMillis) {
        ServerConfig config = server.config();
        String sandbox = server.launcher().sandboxed() ? "sandboxed" : "SANDBOX OFF";
        String key = server.newApiKey().orElse("$BERTH_API_KEY");
        return """

                Berth is ready at %s (%.1f s)

                  Chrome    %s, %s, %s
                  Postgres  %s
                  S3        %s
                  Sessions  up to %d at once, %d Chromes kept warm, node %s
                  API key   %s

                Try it:

                  curl -s -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' \\
                    -d '{"initialPrompt":"https://example.com"}' '%s/api/sessions?wait=running'

                """.formatted(
                        server.url(),
                        startMillis / 1000.0,
                        server.chromeVersion(),
                        server.launcher().executable(),
                        sandbox,
                        server.embedded().hasPostgres()
                                ? "embedded, in " + config.dataDir()
                                : place(config.postgres().uri().orElseThrow()),
                        server.embedded().hasS3()
                                ? "embedded, in " + config.dataDir()
                                : place(config.objectStore().endpoint().orElseThrow()),
                        config.sessions().max(),
                        config.chrome().poolSize(),
                        server.machineId(),
                        keyLine(server),
                        key,
                        server.url());
    }

    private static String keyLine(Server server) {
        return server.newApiKey()
                .map(key -> key + "   (made now and shown this once: keep it)")
                .orElse(
                        server.config().apiKey().isPresent()
                                ? "as set in BERTH_API_KEY"
                                : "the one made at the first start; set BERTH_API_KEY to add another");
    }

    private static String place(URI uri) {
        return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    /** The addresses of embedded servers, as the settings of another process. */
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
