package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.ServerConfig;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Postgres or the object store does not answer: requests that need it fail soon and name it, all others work. Begins later than {@link
 * OutageIT}, for whose end it would wait.
 */
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(OutageIT.POSTGRES_IS_AWAY)
class OutagesIT {
    private final ServerConfig shared = Berth.shared().server.config();
    private final Vertx vertx = Vertx.vertx();
    private final Path data = Berth.temporaryFolder();
    private FaultyProxy postgres;
    private FaultyProxy objectStore;
    private Berth berth;
    private Api api;
    private String live;
    private String ended;

    @BeforeAll
    void start() {
        URI database = shared.postgres().uri().orElseThrow();
        postgres = new FaultyProxy(vertx, database);
        URI store = shared.objectStore().endpoint().orElseThrow();
        objectStore = new FaultyProxy(vertx, store);
        berth = Berth.start(
                data,
                Map.of(
                        "BERTH_POSTGRES_URI", postgres.inPlaceOf(database),
                        "BERTH_S3_ENDPOINT", "http://127.0.0.1:" + objectStore.port(),
                        "BERTH_S3_ACCESS_KEY", shared.objectStore().accessKey(),
                        "BERTH_S3_SECRET_KEY", shared.objectStore().secretKey()));
        api = berth.api();
    }

    @BeforeEach
    void open() {
        live = api.open(berth.site.url("/noisy"));
        ended = api.open(berth.site.url("/noisy"));
        api.delete(ended);
        api.await(ended + "/console", answer -> answer.json().getInteger("total") > 0);
    }

    @AfterEach
    void mend() {
        postgres.mend();
        objectStore.mend();
        api.delete(live);
    }

    @AfterAll
    void stop() {
        berth.stop();
        postgres.close();
        objectStore.close();
        Berth.await(vertx.close());
        Berth.delete(data);
    }

    /** Asks all at once, because each waits for the server's whole timeout. */
    @SafeVarargs
    private static void assertUnavailable(String part, Supplier<Api.Answer>... asked) {
        Stream.of(asked)
                .map(CompletableFuture::supplyAsync)
                .toList()
                .forEach(answer -> assertUnavailable(answer.join(), part));
    }

    private static void assertUnavailable(Api.Answer answer, String part) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.error().getString("code")).isEqualTo("unavailable");
        assertThat(answer.error().getString("message")).contains(part);
        assertThat(answer.error().getBoolean("retryable")).isTrue();
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    private JsonObject ready(int status) {
        Api.Answer ready =
                Api.await(() -> Api.fetch(berth.server.url() + "/health/ready"), answer -> answer.status() == status);
        return ready.json().getJsonObject("checks");
    }

    private JsonObject storedPicture() {
        JsonObject picture = api.act(live, "screenshot", new JsonObject());
        api.await(live + "/artifacts", listed -> !listed.text().contains("\"pending\""));
        return picture;
    }

    @Test
    void withoutPostgresLiveSessionsCanBeReadAndOtherRequestsNameIt() {
        String picture = storedPicture().getString("objectId");
        postgres.freeze();
        for (String of : List.of("", "/console", "/network", "/actions", "/health", "/artifacts")) {
            String path = live + of;
            assertThat(api.get(path).status()).as(path).isEqualTo(200);
        }
        assertThat(api.get(live + "/artifacts").text()).contains(picture).contains("\"stored\"");
        Api unknown = new Api(berth.server.url(), "a-key-that-nobody-has-used-yet");
        assertUnavailable(
                "Postgres",
                () -> api.get("/api/sessions"),
                () -> api.get(ended),
                () -> api.get(ended + "/network"),
                () -> api.get(ended + "/actions"),
                () -> unknown.get(live));
        assertThat(ready(503).getString("postgres")).isEqualTo("failing");
        assertThat(Api.fetch(berth.server.url() + "/health/live").status()).isEqualTo(200);
        postgres.mend();
        assertThat(api.await("/api/sessions", answer -> answer.status() == 200).status())
                .isEqualTo(200);
        assertThat(ready(200).getString("postgres")).isEqualTo("ok");
    }

    @Test
    void withoutTheObjectStoreSessionsStartAndReadsOfItNameIt() {
        String link = storedPicture().getString("publicUrl");
        objectStore.freeze();
        assertUnavailable("object store", () -> Api.fetch(link));
        // The parts that were read lately are still in memory, and the latest entries of a live session on disk.
        assertThat(api.get(ended + "/console").list("logs")).isNotEmpty();
        assertThat(api.get(live + "/console").list("logs")).isNotEmpty();
        // An object that waits in the spool has a link.
        JsonObject pending = api.act(live, "screenshot", new JsonObject());
        assertThat(pending.getString("state")).isEqualTo("pending");
        assertThat(Api.fetch(pending.getString("publicUrl")).status()).isEqualTo(200);
        assertThat(ready(200).getString("objectStore")).isEqualTo("failing");
        api.delete(api.newSession());
        objectStore.mend();
        assertThat(api.await(ended + "/console", answer -> answer.status() == 200)
                        .status())
                .isEqualTo(200);
    }
}
