package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A node whose sessions may have little of its disk. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiskIT {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final Path data = Berth.temporaryFolder();
    private Berth small;
    private Api api;

    @BeforeAll
    void start() {
        small = Berth.start(data, Map.of("BERTH_SESSION_DISK_MIB", "32", "BERTH_POOL_SIZE", "0"));
        api = small.api();
    }

    @AfterAll
    void stop() {
        small.stop();
        Berth.delete(data);
    }

    private JsonObject lastDownload(String session) {
        List<JsonObject> downloads =
                api.await(session + "/actions", a -> a.text().contains("\"download\"")).list("actions").stream()
                        .map(JsonObject.class::cast)
                        .filter(action -> action.getString("type").equals("download"))
                        .toList();
        return downloads.get(downloads.size() - 1);
    }

    private List<Path> homes() throws IOException {
        try (Stream<Path> homes = Files.list(data.resolve("profiles"))) {
            return homes.toList();
        }
    }

    @Test
    void aDownloadThatIsTooLargeIsCancelledAndToldAndTheSessionLives() throws IOException {
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
        JsonObject created = api.post("/api/sessions?wait=running").json();
        CdpClient client = CdpClient.connect(created.getString("connectUrl"));
        String context = client.send("Target.createBrowserContext").getString("browserContextId");
        String page = client.attach(client.send(
                        "Target.createTarget",
                        new JsonObject().put("url", small.site.url("/plain")).put("browserContextId", context),
                        "")
                .getString("targetId"));
        client.evaluate("location = '/large.bin?mib=40'", page);
        String session = "/api/sessions/" + created.getString("sessionId");
        assertCancelled(lastDownload(session));
        client.leave();
        api.delete(session);
    }

    private void assertCancelled(JsonObject download) throws IOException {
        assertThat(download.getBoolean("success")).isFalse();
        assertThat(download.getString("error")).contains("32 MiB", "session.disk-mib", "BERTH_SESSION_DISK_MIB");
        // What there is of it goes, too.
        Path home = homes().get(0);
        Api.await(
                () -> files(home.resolve("downloads")).size()
                        + files(home.resolve("tmp")).size(),
                left -> left == 0);
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
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
                .matches("it took \\d+ MiB of disk, and a session may have 32 "
                        + "\\(session\\.disk-mib, BERTH_SESSION_DISK_MIB\\)");
        api.await(session, a -> a.json().getString("status").equals("failed"));
        assertThat(home).doesNotExist();
    }

    @Test
    void belowTheFloorNoSessionIsCreated() {
        Path folder = Berth.temporaryFolder();
        Berth full = Berth.start(folder, Map.of("BERTH_DISK_FLOOR_MIB", "1000000000", "BERTH_POOL_SIZE", "0"));
        Api.Answer refused = full.api().post("/api/sessions");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.error().getString("code")).isEqualTo("capacity");
        assertThat(refused.error().getString("message")).contains("disk.floor-mib", "BERTH_DISK_FLOOR_MIB");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        full.stop();
        Berth.delete(folder);
    }

    @Test
    void nothingThatIsKeptIsForOtherUsersToRead() throws IOException {
        String session = api.open(small.site.page("<a href=/report.csv>get it</a><input type=file>"));
        api.act(session, "click", new JsonObject().put("selector", "a"));
        api.act(session, "screenshot", new JsonObject());
        api.act(
                session,
                "upload",
                new JsonObject("{\"selector\":\"input\",\"files\":[{\"name\":\"a.txt\",\"content\":\"aGk=\"}]}"));
        assertThat(lastDownload(session).getBoolean("success")).isTrue();
        try (Stream<Path> all = Files.walk(data)) {
            assertThat(all.filter(path -> !behindClosedDoors(path)).filter(DiskIT::open))
                    .isEmpty();
        }
        assertThat(files(data)).anyMatch(file -> file.endsWith("stderr.log")).anyMatch(file -> file.endsWith("a.txt"));
        api.delete(session);
    }

    /** What libraries make with modes of their own, in folders that nobody else can enter. */
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
            // Chromes, where they are users of their own, pass through to what is theirs.
            if (ROOT && Files.isDirectory(path)) {
                modes.removeAll(Set.of(PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE));
            }
            return !Files.isSymbolicLink(path) && !modes.isEmpty();
        } catch (IOException e) {
            return false; // gone
        }
    }
}
