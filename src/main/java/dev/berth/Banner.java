package dev.berth;

import dev.berth.config.ServerConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** What a person reads at start-up. */
final class Banner {
    private Banner() {}

    /** What the server found, and how to use it. */
    static String of(Server server, long startMillis) {
        ServerConfig config = server.config();
        String sandbox = server.launcher().sandboxed() ? "sandboxed" : "SANDBOX OFF";
        return """

                Berth is ready at %s (%.1f s)

                  Chrome    %s, %s, %s
                  Postgres  %s
                  S3        %s
                  Sessions  up to %d at once, %d Chromes kept warm, node %s
                  API key   %s
                %s
                Try it:

                %s  curl -s -H "Authorization: Bearer %s" -H 'Content-Type: application/json' \\
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
                        fontLine(server.missingFonts()),
                        keyCommand(server),
                        keyText(server),
                        server.url());
    }

    private static String keyLine(Server server) {
        ServerConfig config = server.config();
        Path file = config.dataDir().resolve(DataDir.FIRST_KEY);
        if (config.apiKey().isPresent()) {
            return "as set in api-key (BERTH_API_KEY)";
        }
        return server.firstKey()
                .made()
                .map(key -> key + "   (made now, and kept in " + file + ")")
                .orElse(
                        server.firstKey().inFile()
                                ? "in " + file
                                : "one that was made before; java -jar berth.jar key makes another");
    }

    /** What a shell puts in place of the key: the line works as it stands, at every start. */
    private static String keyText(Server server) {
        if (server.firstKey().inFile()) {
            Path file = server.config().dataDir().resolve(DataDir.FIRST_KEY);
            return server.firstKey().made().orElse("$(cat " + quoted(file) + ")");
        }
        return "$BERTH_API_KEY";
    }

    /** What the line needs before it, where the key is neither set in the environment nor kept. */
    private static String keyCommand(Server server) {
        ServerConfig config = server.config();
        if (server.firstKey().inFile() || config.apiKey().isPresent()) {
            return "";
        }
        return "  export BERTH_API_KEY=$(BERTH_DATA_DIR=" + quoted(config.dataDir()) + " java -jar " + quoted(jar())
                + " key)\n";
    }

    private static Path jar() {
        return Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "'\\''") + "'";
    }

    private static String fontLine(List<String> missing) {
        return missing.isEmpty() ? "" : """
                  Fonts     none for %s: pictures show empty boxes. Debian has fonts-noto-core,
                            fonts-noto-cjk and fonts-noto-color-emoji
                """.formatted(String.join(", ", missing));
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
