package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.browser.BrowserLauncher.LaunchSpec;
import dev.berth.browser.launch.WarmPool;
import dev.berth.protocol.BrowserKind;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A node whose sessions have a small disk limit. */
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiskIT {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final Path folder = Berth.temporaryFolder();
    /** Longer than the limit for the path of a socket. */
    private final Path data = folder.resolve("a-data-directory-of-ordinary-length-or-a-little-more");

    private Berth small;
    private Api api;

    @BeforeAll
    void start() {
        small = Berth.startWithItsPostgres(data, Map.of("BERTH_SESSION_DISK_MIB", "32"));
        api = small.api();
    }

    @AfterAll
    void stop() {
        small.stop();
        Berth.delete(folder);
    }

    private JsonObject lastDownload(String session) {
        List<JsonObject> downloads =
                api.await(session + "/actions", a -> a.text().contains("\"download\"")).list("actions").stream()
                        .map(JsonObject.class::cast)
                        .filter(action -> action.getString("type").equals("download"))
                        .toList();
        return downloads.get(downloads.size() - 1);
    }

    private List<Path> homes() {
        try (Stream<Path> homes = Files.list(data.resolve("profiles"))) {
            return homes.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aDownloadThatIsTooLargeIsCancelledAndLoggedAndTheSessionLives() throws IOException {
        String session = api.open(small.site.page("<a href=/large.bin?mib=40>get it</a>"));
        api.act(session, "click", new JsonObject().put("selector", "a"));
        JsonObject download = lastDownload(session);
        assertCancelled(download);
        assertThat(api.evaluate(session, "1 + 1")).isEqualTo(2);
        assertThat(api.get(session).json().getString("status")).isEqualTo("running");
        api.delete(session);
    }

    @Test
    void aDownloadOfAClientsOwnContextIsCancelledToo() throws IOException {
        Api.Opened created = api.create();
        CdpClient client = CdpClient.connect(created.connectUrl());
        String context = client.send("Target.createBrowserContext").getString("browserContextId");
        String page = client.attach(client.send(
                        "Target.createTarget",
                        new JsonObject().put("url", small.site.url("/plain")).put("browserContextId", context),
                        "")
                .getString("targetId"));
        client.evaluate("location = '/large.bin?mib=40'", page);
        assertCancelled(lastDownload(created.path()));
        client.leave();
        api.delete(created.path());
    }

    private void assertCancelled(JsonObject download) throws IOException {
        assertThat(download.getBoolean("success")).isFalse();
        assertThat(download.getString("error")).contains("24 MiB", "session.disk-mib", "BERTH_SESSION_DISK_MIB");
        // Its files are deleted, too.
        Path home = homes().get(0);
        Api.await(
                () -> files(home.resolve("downloads")).size()
                        + files(home.resolve("tmp")).size(),
                left -> left == 0);
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (UncheckedIOException e) {
            return files(folder); // one has gone meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void download(String session, int mib) {
        api.evaluate(session, """
                (() => {
                  const link = document.createElement('a');
                  link.href = URL.createObjectURL(new Blob([new Uint8Array(%d << 20)]));
                  link.download = 'zeros.bin';
                  link.click();
                })(); 1""".formatted(mib));
    }

    private List<JsonObject> downloads(String session, int count) {
        return api
                .await(
                        session + "/actions",
                        a -> a.list("actions").stream()
                                        .filter(action -> ((JsonObject) action)
                                                .getString("type")
                                                .equals("download"))
                                        .count()
                                == count)
                .list("actions")
                .stream()
                .map(JsonObject.class::cast)
                .filter(action -> action.getString("type").equals("download"))
                .toList();
    }

    @Test
    void keptFilesAreLimitedAndStoredOnce() throws IOException {
        String session = api.open(small.site.page("<input type=file>"));
        Path home = homes().get(0);
        for (int i = 1; i <= 4; i++) {
            download(session, 10);
            JsonObject download = downloads(session, i).get(i - 1);
            assertThat(download.getBoolean("success")).isEqualTo(i < 4);
            if (i == 4) {
                assertThat(download.getString("error"))
                        .contains("30 MiB of files, and can store at most 32", "BERTH_SESSION_DISK_MIB");
            }
            Api.await(() -> files(home.resolve("downloads")), List::isEmpty);
        }
        Api.Answer refused = api.post(session + "/upload", upload("input", 3 << 20));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.error().getString("message")).contains("30 MiB of files", "BERTH_SESSION_DISK_MIB");
        assertThat(api.get(session + "/artifacts").list("artifacts")).hasSize(3);
        assertThat(api.get(session).json().getString("status")).isEqualTo("running");
        api.act(session, "upload", upload("input", 1 << 20).put("timeout", 20_000));
        assertThat(api.get(session + "/artifacts").list("artifacts")).hasSize(4);
        api.delete(session);
    }

    private static JsonObject upload(String selector, int bytes) {
        return new JsonObject()
                .put("selector", selector)
                .put("timeout", 300)
                .put(
                        "files",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("name", "a.bin")
                                        .put("content", Base64.getEncoder().encodeToString(new byte[bytes]))));
    }

    @Test
    void aFailedUploadLeavesNoFile() throws IOException {
        String session = api.open(small.site.page("<p>no input"));
        Path home = homes().get(0);
        assertThat(api.post(session + "/upload", upload("#none", 1 << 20)).status())
                .isEqualTo(422);
        assertThat(api.post(session + "/upload", upload("p", 1 << 20)).status()).isEqualTo(422);
        assertThat(api.get(session + "/artifacts").list("artifacts")).isEmpty();
        Api.await(() -> files(home.resolve("uploads")), List::isEmpty);
        String id = session.substring(session.lastIndexOf('/') + 1);
        Api.await(
                () -> Stream.of("objects", "spool")
                        .flatMap(name -> files(data.resolve(name)).stream())
                        .filter(file ->
                                file.toString().contains(id) && file.toString().contains("upload"))
                        .toList(),
                List::isEmpty);
        api.delete(session);
    }

    @Test
    void aFileThatDoesNotFitIsRefusedAndTheSessionLives() throws IOException {
        String session = api.newSession();
        byte[] large = new byte[30 << 20];
        Api.Answer refused =
                Api.send(api.request(session + "/files/large.bin").PUT(HttpRequest.BodyPublishers.ofByteArray(large)));
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.error().getString("message")).contains("are left on the session's disk");
        Api.Answer cut = Api.send(api.request(session + "/files/large.bin")
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))));
        assertThat(cut.status()).isEqualTo(413);
        // What came of the second is removed once its answer is on its way.
        Api.await(() -> files(homes().get(0).resolve("uploads")), List::isEmpty);
        assertThat(api.get(session).json().getString("status")).isEqualTo("running");
        api.delete(session);
    }

    @Test
    void streamsThatAClientNeverClosesCount() {
        Api.Opened created = api.create();
        String session = created.path();
        api.navigate(session, small.site.url("/plain"));
        CdpClient client = CdpClient.connect(created.connectUrl());
        JsonArray targets = client.send("Target.getTargets").getJsonArray("targetInfos");
        String page = client.attach(targets.getJsonObject(0).getString("targetId"));
        client.evaluate("""
                (() => {
                  const canvas = document.createElement('canvas');
                  canvas.width = canvas.height = 1500;
                  const context = canvas.getContext('2d');
                  const noise = context.createImageData(1500, 1500);
                  for (let i = 0; i < noise.data.length; i++) {
                    noise.data[i] = i % 4 == 3 ? 255 : Math.random() * 256;
                  }
                  context.putImageData(noise, 0, 0);
                  document.body.append(canvas);
                })()""", page);
        JsonObject asStream = new JsonObject().put("transferMode", "ReturnAsStream");
        client.send("Page.printToPDF", asStream, page);
        // The socket is in the session's own folder, however long the path; Chrome creates it shortly after its answer.
        String folder = homes().get(0).resolve("tmp") + "/";
        Api.await(
                () -> openFiles(Berth.chromeOf(session)),
                open -> open.stream().anyMatch(file -> file.startsWith(folder) && file.endsWith(" (deleted)")));
        // Some 7 MB each.
        for (int i = 0; i < 6; i++) {
            client.sendRaw("Page.printToPDF", asStream, page);
        }
        JsonObject over =
                api.await(session, a -> a.json().getString("endReason") != null).json();
        assertThat(over.getString("endReason")).isEqualTo("disk_full");
        api.await(session, a -> a.json().getString("status").equals("failed"));
    }

    private static List<String> openFiles(ProcessHandle process) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return files.map(DiskIT::target).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    @Test
    void aSessionThatFillsTheDiskOtherwiseIsEnded() throws IOException {
        String session = api.open(small.site.url("/plain"));
        Path home = homes().get(0);
        api.post(session + "/evaluate", new JsonObject().put("expression", """
                (async () => {
                  const folder = await navigator.storage.getDirectory();
                  for (let i = 0; i < 400; i++) {
                    const file = await (await folder.getFileHandle('f' + i, {create: true})).createWritable();
                    await file.write(new Uint8Array(1 << 20).fill(i));
                    await file.close();
                  }
                })(); 1"""));
        JsonObject over =
                api.await(session, a -> a.json().getString("endReason") != null).json();
        assertThat(over.getString("endReason")).isEqualTo("disk_full");
        assertThat(over.getString("endDetail"))
                .matches("it used \\d+ MiB of disk, and a session can use at most 32 "
                        + "\\(session\\.disk-mib, BERTH_SESSION_DISK_MIB\\)");
        api.await(session, a -> a.json().getString("status").equals("failed"));
        assertThat(home).doesNotExist();
    }

    @Test
    void belowTheFloorNoSessionIsCreated() throws IOException {
        Path folder = Berth.temporaryFolder();
        Berth full = Berth.start(folder, Map.of("BERTH_DISK_FLOOR_MIB", "1000000000", "BERTH_POOL_SIZE", "1"));
        Api.Answer refused = full.api().post("/api/sessions");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.error().getString("code")).isEqualTo("capacity");
        assertThat(refused.error().getString("message")).contains("disk.floor-mib", "BERTH_DISK_FLOOR_MIB");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertNoChromeIsMade(full);
        full.stop();
        Berth.delete(folder);
    }

    /** Neither for a session that was admitted before nor for later ones. */
    private static void assertNoChromeIsMade(Berth full) throws IOException {
        Path profiles = full.dataDir.resolve("profiles");
        FileTime untouched = Files.getLastModifiedTime(profiles);
        WarmPool pool = new WarmPool(full.vertx, full.server.launcher().of(BrowserKind.SHELL), 1);
        pool.start();
        SessionOptions options =
                SessionOptions.builder().timeouts(new SessionTimeouts(0, 0, 0)).build();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> Berth.await(pool.launch(
                        Optional.empty(),
                        new LaunchSpec(
                                options,
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                null,
                                Future.future(never -> {})))))
                .withMessageContaining("BERTH_DISK_FLOOR_MIB");
        Berth.await(pool.close());
        assertThat(Files.getLastModifiedTime(profiles)).isEqualTo(untouched);
    }

    @Test
    void noOtherUserCanReadWhatIsKept() throws IOException {
        String session = api.open(small.site.page("<a href=/report.csv>get it</a><input type=file>"));
        api.act(session, "click", new JsonObject().put("selector", "a"));
        api.act(session, "screenshot", new JsonObject());
        api.act(
                session,
                "upload",
                new JsonObject("{\"selector\":\"input\",\"files\":[{\"name\":\"a.txt\",\"content\":\"aGk=\"}]}"));
        assertThat(lastDownload(session).getBoolean("success")).isTrue();
        try (Stream<Path> all = Files.walk(data)) {
            assertThat(all.filter(path -> !behindClosedDoors(path))
                            // Programs, which encoders run as users of their own.
                            .filter(path -> !data.relativize(path).toString().startsWith("ffmpeg"))
                            .filter(DiskIT::open))
                    .isEmpty();
        }
        assertThat(files(data)).anyMatch(file -> file.endsWith("stderr.log")).anyMatch(file -> file.endsWith("a.txt"));
        api.delete(session);
    }

    /** Files that libraries create with their own modes, in folders that only the owner can enter. */
    private boolean behindClosedDoors(Path path) {
        return Stream.of("objects", "postgres-binaries").anyMatch(name -> {
            Path closed = data.resolve(name);
            return path.startsWith(closed) && !path.equals(closed);
        });
    }

    private static boolean open(Path path) {
        try {
            Set<PosixFilePermission> modes =
                    Files.getPosixFilePermissions(path, java.nio.file.LinkOption.NOFOLLOW_LINKS);
            modes.removeAll(Set.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE));
            // Chromes with user ids of their own pass through to their folders.
            if (ROOT && Files.isDirectory(path)) {
                modes.removeAll(Set.of(PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE));
            }
            return !Files.isSymbolicLink(path) && !modes.isEmpty();
        } catch (IOException e) {
            return false; // gone
        }
    }
}
