package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Failures are reported truthfully. */
class FaultsIT {
    private final Berth berth = Berth.shared();
    private final Api api = berth.api();

    @Test
    void aKilledChromeFailsItsSessionAndItsPendingActions() {
        String session = api.open(berth.site.url("/noisy"));
        var hanging = CompletableFuture.supplyAsync(
                () -> api.post(session + "/navigate", new JsonObject().put("url", berth.site.url("/hangs?crash"))));
        Api.await(() -> berth.site.served("/hangs?crash"), served -> !served.isEmpty());
        ProcessHandle chrome = Berth.chromeOf(session);
        chrome.destroyForcibly();
        assertThat(hanging.join().status()).isEqualTo(410);
        JsonObject ended = api.await(session, a -> !a.json().getString("status").equals("running"))
                .json();
        assertThat(ended.getString("status")).isEqualTo("failed");
        assertThat(ended.getString("endReason")).isEqualTo("browser_crashed");
        assertThat(ended.getString("endDetail")).contains("137");
        assertThat(api.get(session + "/console").json().getInteger("total")).isGreaterThanOrEqualTo(7);
        assertThat(api.get(session + "/network").text())
                .contains("/hangs?crash")
                .contains("the session ended");
        assertThat(chrome.isAlive()).isFalse();
    }

    @Test
    void aPageThatHangsIsDegradedNotDead() {
        String session = api.open(berth.site.url("/plain"));
        assertThat(health(session).getString("status")).isEqualTo("healthy");
        var busy = CompletableFuture.supplyAsync(() -> api.post(
                session + "/evaluate",
                new JsonObject().put("expression", "for (;;);").put("timeout", 8_000)));
        JsonObject hung = api.await(
                        session + "/health", a -> !"healthy".equals(a.json().getString("status")))
                .json();
        assertThat(hung.getString("status")).isEqualTo("degraded");
        assertThat(hung.getBoolean("browserResponsive")).isTrue();
        assertThat(hung.getString("reason")).contains("page does not answer");
        assertThat(api.delete(session).status()).isEqualTo(200);
        assertThat(busy.join().status()).isEqualTo(410);
    }

    private JsonObject health(String session) {
        return api.get(session + "/health").json();
    }

    @Test
    void chromeRunsSandboxedAndAsAnUnprivilegedUserOfItsOwn() throws IOException {
        String first = api.newSession();
        String second = api.newSession();
        assertThat(List.of(first, second)).allSatisfy(session -> {
            String status =
                    Files.readString(Path.of("/proc/" + Berth.chromeOf(session).pid() + "/status"));
            assertThat(status).contains("NoNewPrivs:\t1");
            assertThat(Berth.chromeOf(session).info().commandLine().orElseThrow())
                    .doesNotContain("--no-sandbox");
        });
        if (System.getProperty("user.name").equals("root")) {
            String owner = uid(first);
            assertThat(owner).isNotEqualTo("0").isNotEqualTo(uid(second));
        }
        api.delete(first);
        api.delete(second);
    }

    private static String uid(String session) throws IOException {
        return Files.readString(Path.of("/proc/" + Berth.chromeOf(session).pid() + "/status"))
                .lines()
                .filter(line -> line.startsWith("Uid:"))
                .map(line -> line.split("\\s+")[1])
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aChromeThatDoesNotStartSaysWhy() throws IOException {
        Path folder = Berth.temporaryFolder();
        Path marker = folder.resolve("broken");
        Path chrome = Files.createFile(
                folder.resolve("chrome"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(
                chrome,
                "#!/bin/sh\n[ -e " + marker + " ] && { echo 'the display is on fire' >&2; exit 7; }\nexec "
                        + berth.server.launcher().executable() + " \"$@\"\n");
        Berth broken = Berth.start(folder.resolve("data"), Map.of("BERTH_CHROME_PATH", chrome.toString()));
        Files.createFile(marker);
        JsonObject created = broken.api().post("/api/sessions?wait=running").json();
        assertThat(created.getString("status")).isEqualTo("failed");
        JsonObject failed = broken.api()
                .get("/api/sessions/" + created.getString("sessionId"))
                .json();
        assertThat(failed.getString("endReason")).isEqualTo("launch_failed");
        assertThat(failed.getString("endDetail")).contains("exited with code 7").contains("the display is on fire");
        broken.stop();
        Berth.delete(folder);
    }

    @Tag("full")
    @Test
    void twentySessionsAtOnceStayHealthy() {
        List<String> sessions = IntStream.range(0, 20)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> api.newSession(new JsonObject().put("initialPrompt", berth.site.url("/plain?n=" + i)))))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        sessions.forEach(session -> {
            api.await(session, a -> "Plain".equals(a.json().getString("title")));
            assertThat(health(session).getString("status")).isEqualTo("healthy");
        });
        sessions.forEach(session -> assertThat(api.delete(session).status()).isEqualTo(200));
    }

    /** The server's settings are small. */
    @Test
    void aKeyWithTheMaximumOfSessionsIsRefusedAndALinkExpires() {
        Path data = Berth.temporaryFolder();
        Berth small = Berth.start(
                data,
                Map.of("BERTH_SESSIONS_MAX", "2", "BERTH_SESSIONS_MAX_PER_KEY", "1", "BERTH_S3_PRESIGN_SECONDS", "2"));
        String only = small.api().newSession();
        String link = small.api().act(only, "screenshot", new JsonObject()).getString("publicUrl");
        assertThat(Api.fetch(link).status()).isEqualTo(200);
        Api.Answer refused = small.api().post("/api/sessions");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.error().getString("code")).isEqualTo("limit_reached");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        Api.await(() -> Api.fetch(link), answer -> answer.status() == 403);
        small.api().delete(only);
        small.api().delete(small.api().newSession());
        small.stop();
        Berth.delete(data);
    }

    @Tag("full")
    @Test
    void aDataDirectoryThatChromeCannotReachWorks() throws IOException {
        Path secluded = Berth.temporaryFolder();
        Files.setPosixFilePermissions(secluded, PosixFilePermissions.fromString("rwx------"));
        Berth server = Berth.startWithItsPostgres(secluded.resolve("data"), Map.of());
        server.api().delete(server.api().open(server.site.url("/plain")));
        server.stop();
        Berth.delete(secluded);
    }
}
