package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Servers that start, or say why they do not, and end by a signal. */
@Order(1)
class StartIT {
    private final Path folder = Berth.temporaryFolder();

    @AfterEach
    void delete() throws InterruptedException {
        ServerProcess.killAll(folder);
        Berth.delete(folder);
    }

    /** First the port is taken, then free: a start that fails must not print a key that is lost. */
    @Test
    void theFirstKeyIsMadeByAStartThatSucceedsAndSigtermEndsAServer() throws Exception {
        String postgres = "BERTH_POSTGRES_URI=" + Berth.newDatabase();
        String taken = String.valueOf(URI.create(Berth.shared().server.url()).getPort());
        assertThat(ServerProcess.refusal(folder, postgres, "BERTH_API_KEY=", "BERTH_HTTP_PORT=" + taken))
                .contains("http.port (BERTH_HTTP_PORT): 127.0.0.1:" + taken + " can't be used");
        Path kept = folder.resolve("data/api-key");
        assertThat(kept).doesNotExist();
        ServerProcess first = ServerProcess.start(folder, postgres, "BERTH_API_KEY=");
        String key = Files.readString(kept);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        assertThat(first.output()).anyMatch(line -> line.contains(key));
        String session = new Api(first.url(), key).newSession();
        first.interrupt();

        ServerProcess second = ServerProcess.start(folder, postgres, "BERTH_API_KEY=", "BERTH_DRAIN_SECONDS=60");
        assertThat(second.output())
                .noneMatch(line -> line.contains(key))
                .anyMatch(line -> line.contains("$(cat '" + kept + "')"));
        Api api = new Api(second.url(), key);
        JsonObject drained = api.get(session).json();
        assertThat(drained.getString("status")).isEqualTo("cancelled");
        assertThat(drained.getString("endReason")).isEqualTo("node_drained");
        assertSessionsMayGoOnAndTheLastOneEndsTheServer(second, api);
    }

    private static void assertSessionsMayGoOnAndTheLastOneEndsTheServer(ServerProcess server, Api api)
            throws InterruptedException {
        String session = api.newSession();
        server.process.destroy();
        api.await("/health/ready", now -> now.json().getString("status").equals("draining"));
        Api.Answer refused = api.post("/api/sessions", new JsonObject());
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.error().getString("message")).contains("draining");
        assertThat(api.evaluate(session, "1 + 1")).isEqualTo(2);
        api.delete(session);
        assertThat(server.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aMissingPartStopsTheStart() {
        assertRefused(
                Map.of("BERTH_POSTGRES_URI", "postgresql://u:p@127.0.0.1:1/x"),
                "Postgres at 127.0.0.1:1 can't be used",
                "BERTH_POSTGRES_URI");
        assertRefused(Map.of("BERTH_HTTP_PORT", "eighty"), "http.port (BERTH_HTTP_PORT) must be a whole number");
        assertRefused(Map.of("BERTH_CHROME_PATH", "/nowhere/chrome"), "BERTH_CHROME_PATH", "not an executable");
        assertRefused(Map.of("BERTH_HTTP_HOST", "0.0.0.0", "BERTH_API_KEY", ""), "api-key");
        assertRefused(
                Map.of(
                        "BERTH_S3_ENDPOINT", "http://127.0.0.1:1",
                        "BERTH_S3_ACCESS_KEY", "a",
                        "BERTH_S3_SECRET_KEY", "b"),
                "the object store at http://127.0.0.1:1 can't be used",
                "BERTH_S3_ENDPOINT");
    }

    private void assertRefused(Map<String, String> settings, String... why) {
        assertThatThrownBy(() -> Berth.start(folder.resolve("data"), settings)).hasMessageContainingAll(why);
    }

    @Test
    void anUnknownCommandGetsTheUsage() throws Exception {
        assertThat(exit("--help")).isZero();
        assertThat(exit("serve")).isEqualTo(2);
    }

    private int exit(String argument) throws Exception {
        Process process = ServerProcess.launch(folder, List.of(argument)).process;
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
