package dev.berth.http;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.access.KeyRepository;
import dev.berth.artifact.ArtifactStore;
import dev.berth.browser.ChromeVersion;
import dev.berth.browser.Screens;
import dev.berth.browser.WebDrivers;
import dev.berth.browser.cdp.ChromePipes;
import dev.berth.cdpclient.CdpRelays.Chromes;
import dev.berth.config.ConfigLoader;
import dev.berth.config.ServerConfig;
import dev.berth.database.Database;
import dev.berth.database.Notifications;
import dev.berth.extension.Extensions;
import dev.berth.history.ActionRepository;
import dev.berth.history.AllSessions;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.LifecycleRepository;
import dev.berth.history.LogChunkRepository;
import dev.berth.history.NodeEpoch;
import dev.berth.history.ReportRepository;
import dev.berth.history.RunRepository;
import dev.berth.history.SessionListing;
import dev.berth.history.SessionRepository;
import dev.berth.history.StoryRepository;
import dev.berth.history.task.TaskListing;
import dev.berth.history.task.TaskRepository;
import dev.berth.history.task.TaskStory;
import dev.berth.http.pages.DevTools;
import dev.berth.http.routes.WebhookRoutes.WebhookDoor;
import dev.berth.logs.EndedLogs;
import dev.berth.logs.LogReader;
import dev.berth.metrics.CallTimes;
import dev.berth.metrics.NodeMetrics;
import dev.berth.retention.Retention;
import dev.berth.webdriver.WebDriverSessions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Starting and stopping of the API by itself, without Postgres and object store. */
@ExtendWith(VertxExtension.class)
class ApiVerticleTest {
    /** Each takes a second of a processor to make. */
    private static final SelfSignedCertificate FIRST = SelfSignedCertificate.create("localhost");

    private static final SelfSignedCertificate SECOND = SelfSignedCertificate.create("localhost");
    private static final URI NOWHERE = URI.create("postgresql://nobody:x@127.0.0.1:1/none");

    private static ApiVerticle api(Vertx vertx, Path folder, String... more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "BERTH_DATA_DIR", folder.toString(),
                "BERTH_HTTP_PORT", "0",
                "BERTH_S3_ACCESS_KEY", "access",
                "BERTH_S3_SECRET_KEY", "secret-of-some-length",
                "BERTH_S3_ENDPOINT", "http://127.0.0.1:1",
                "BERTH_POSTGRES_URI", NOWHERE.toString()));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        ServerConfig config = await(ConfigLoader.load(vertx, settings));
        Future<Contract> contract = Contract.read(vertx);
        await(contract); // A start that fails would leave it running.
        Database database = new Database(vertx, NOWHERE, 1);
        ArtifactStore store = new ArtifactStore(
                vertx,
                config.objectStore(),
                config.objectStore().endpoint().orElseThrow(),
                folder,
                key -> Future.succeededFuture(),
                CallTimes.unseen());
        return new ApiVerticle(
                new HttpServices(
                        "node",
                        config,
                        new byte[] {1},
                        new KeyRepository(database),
                        new Notifications(vertx, database),
                        new HttpServices.Repositories(
                                database,
                                new SessionRepository(database, null),
                                new SessionListing(database, null),
                                new AllSessions(database, null),
                                new ActionRepository(vertx.getOrCreateContext(), database, null),
                                new ArtifactRepository(database, null),
                                new StoryRepository(database, null),
                                new LifecycleRepository(database, null),
                                new ReportRepository(database),
                                new RunRepository(database, null),
                                new TaskRepository(database, null, NodeEpoch.NONE),
                                new TaskListing(database, null),
                                new TaskStory(database, null)),
                        store,
                        new LogReader(vertx, store::get),
                        new EndedLogs(vertx, new LogChunkRepository(database), null),
                        new HttpServices.ThisNode(
                                new Chromes(new ChromePipes(), new Screens(), ChromeVersion.of(new JsonObject())),
                                id -> Optional.empty(),
                                Path::of,
                                Map.of(),
                                Map.of(),
                                new NodeMetrics()),
                        new HttpServices.InCluster(Optional.empty(), Optional.empty()),
                        new WebhookDoor() {
                            @Override
                            public Optional<String> refusal(String url) {
                                return Optional.empty();
                            }

                            @Override
                            public void wake() {
                                // Nothing is delivered here.
                            }
                        },
                        (request, user, key, links, body, over) -> {},
                        new WebDriverSessions(
                                vertx,
                                new WebDrivers() {
                                    @Override
                                    public Future<Void> usable() {
                                        return Future.failedFuture("none");
                                    }

                                    @Override
                                    public Future<Driver> start(Handler<NetSocket> chrome) {
                                        return Future.failedFuture("none");
                                    }
                                },
                                new Chromes(new ChromePipes(), new Screens(), ChromeVersion.of(new JsonObject())),
                                new NodeMetrics().relay()),
                        new DevTools(vertx, () -> Future.succeededFuture(Map.of())),
                        new Extensions(vertx, null, null, null),
                        new Retention(vertx, config.retention(), database, null, store)),
                contract);
    }

    /** Sends a request on a connection that stays open. */
    private static Socket ask(int port) throws IOException {
        Socket client = new Socket("127.0.0.1", port);
        client.setSoTimeout(20_000);
        client.getOutputStream()
                .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\"up\"}") < 0) {
            answer.append((char) client.getInputStream().read());
        }
        assertThat(answer.toString()).startsWith("HTTP/1.1 200");
        return client;
    }

    @Test
    void allEventLoopsServeOnePortAndStopTogether(Vertx vertx, @TempDir Path folder) throws Exception {
        ApiVerticle api = api(vertx, folder);
        String id = await(vertx.deployVerticle(api));
        int port = api.port();
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            clients.add(ask(port));
        }
        await(vertx.undeploy(id));
        for (Socket client : clients) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            client.close();
        }
        awaitRefusal(port);
    }

    /** Vert.x can say that a server is closed some milliseconds before its port is. */
    private static void awaitRefusal(int port) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try {
                new Socket("127.0.0.1", port).close();
            } catch (ConnectException e) {
                return;
            }
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void serversWithoutAConfiguredPortGetDifferentOnes(Vertx vertx, @TempDir Path folder) throws Exception {
        ApiVerticle first = api(vertx, folder);
        ApiVerticle second = api(vertx, folder);
        await(vertx.deployVerticle(first));
        await(vertx.deployVerticle(second));
        assertThat(first.port()).isPositive().isNotEqualTo(second.port());
        ask(first.port()).close();
        ask(second.port()).close();
    }

    private static HttpClient trusting(Vertx vertx, SelfSignedCertificate certificate, HttpVersion version) {
        return vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setProtocolVersion(version)
                .setDecompressionSupported(true)
                .setTrustOptions(certificate.trustOptions()));
    }

    private static HttpClientResponse get(HttpClient client, int port) throws Exception {
        return await(client.request(HttpMethod.GET, port, "localhost", "/health/live")
                .compose(HttpClientRequest::send));
    }

    private static void copy(SelfSignedCertificate from, Path certificate, Path key) throws IOException {
        Files.copy(Path.of(from.certificatePath()), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(Path.of(from.privateKeyPath()), key, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aNewCertificateIsTakenWithoutARestart(Vertx vertx, @TempDir Path folder) throws Exception {
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        copy(FIRST, certificate, key);
        ApiVerticle api =
                api(vertx, folder, "BERTH_HTTP_TLS_CERT", certificate.toString(), "BERTH_HTTP_TLS_KEY", key.toString());
        await(vertx.deployVerticle(api));
        for (HttpVersion version : List.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
            HttpClientResponse answer = get(trusting(vertx, FIRST, version), api.port());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(version);
        }

        Files.writeString(key, "half written");
        await(api.renew());
        assertThat(get(trusting(vertx, FIRST, HttpVersion.HTTP_2), api.port()).statusCode())
                .isEqualTo(200);

        copy(SECOND, certificate, key);
        await(api.renew());
        for (int i = 0; i < 4; i++) { // on all event loops
            assertThat(get(trusting(vertx, SECOND, HttpVersion.HTTP_2), api.port())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    /** Where a proxy ends TLS, the header is the proxy's to send. */
    @ParameterizedTest
    @CsvSource({"true, berth.example, max-age=31536000", "true, localhost,", "false, berth.example,"})
    void browsersAreToldToKeepToBerthsOwnTls(boolean tls, String called, String told, Vertx vertx, @TempDir Path folder)
            throws Exception {
        String[] settings = tls
                ? new String[] {
                    "BERTH_HTTP_TLS_CERT", FIRST.certificatePath(), "BERTH_HTTP_TLS_KEY", FIRST.privateKeyPath()
                }
                : new String[0];
        ApiVerticle api = api(vertx, folder, settings);
        await(vertx.deployVerticle(api));
        HttpClient client = tls ? trusting(vertx, FIRST, HttpVersion.HTTP_1_1) : vertx.createHttpClient();
        HttpClientResponse answer = await(client.request(HttpMethod.GET, api.port(), "localhost", "/health/live")
                .compose(request -> request.authority(HostAndPort.create(called, 443))
                        .putHeader("X-Forwarded-Proto", "https")
                        .send()));
        assertThat(answer.getHeader("Strict-Transport-Security")).isEqualTo(told);
    }

    @Test
    void aKeyOfAnotherCertificateStopsTheStart(Vertx vertx, @TempDir Path folder) throws Exception {
        Path key = Path.of(FIRST.privateKeyPath());
        Path certificate = Path.of(SECOND.certificatePath());
        ApiVerticle api =
                api(vertx, folder, "BERTH_HTTP_TLS_CERT", certificate.toString(), "BERTH_HTTP_TLS_KEY", key.toString());
        assertThatThrownBy(() -> await(vertx.deployVerticle(api)))
                .hasMessageContaining("BERTH_HTTP_TLS_KEY", "the key does not belong to the first certificate");
    }

    private static int statusFor(int port, String head) throws IOException {
        try (Socket client = new Socket("127.0.0.1", port)) {
            client.setSoTimeout(20_000);
            client.getOutputStream().write(("GET /health/live " + head + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return Integer.parseInt(
                    new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).substring(9));
        }
    }

    /** A page can let its name lead here, and its browser then names that host. */
    @Test
    void aServerOnLoopbackAnswersOnlyForItsOwnHosts(Vertx vertx, @TempDir Path folder) throws Exception {
        ApiVerticle api = api(
                vertx,
                folder,
                "BERTH_PUBLIC_URL",
                "https://berth.example/below",
                "BERTH_HTTP_ALLOWED_HOSTS",
                "other.example");
        await(vertx.deployVerticle(api));
        for (String own : List.of("localhost", "127.0.0.1:1", "[::1]:1", "Berth.Example", "other.example:80")) {
            assertThat(statusFor(api.port(), "HTTP/1.1\r\nHost: " + own + "\r\n"))
                    .as(own)
                    .isEqualTo(200);
        }
        assertThat(statusFor(api.port(), "HTTP/1.0\r\n")).isEqualTo(200);
        for (String odd :
                List.of("evil.example", "localhost.evil.example", "evil_x.example", "127.0.0.1.evil.example")) {
            assertThat(statusFor(api.port(), "HTTP/1.1\r\nHost: " + odd + "\r\n"))
                    .as(odd)
                    .isEqualTo(403);
        }
    }
}
