package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.BrowserKind;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server among decoys, whose pages and drivers take every way out: first to a target that they must not reach, then to a control that
 * they may. A way that arrives at the control was truly taken. Runs in {@code containment/network.sh} only, which is there for it.
 */
final class ContainmentRig {
    private static final String METADATA = "169.254.169.254";
    private static final String EVIL = "evil.test";
    private static final int DECOYS = 1_200;
    /** The first ports of sessions: without a list, and with either. */
    private static final int OPEN = DecoyInternet.FIRST_PORT;

    private static final int LISTED = OPEN + 300;
    private static final int BLOCKED = OPEN + 600;
    /** How many ports after a session's first are those of its other pages and drivers. */
    private static final int SECURE = 150;

    private static final int DOORS = 200;
    private static final int SPELLED = 220;
    /** Most of the time is spent waiting. */
    private static final int AT_ONCE = 2;

    private static final JsonObject NO_LIST = new JsonObject();
    private static final JsonObject ALLOWED = new JsonObject()
            .put("allowedDomains", new JsonArray(List.of("site.test", "other.test", ContainmentSessions.CONTROL)));
    private static final JsonObject DENIED =
            new JsonObject().put("blockedDomains", new JsonArray(List.of(EVIL, "*.evil.test")));

    /** The address rules hold whatever a list allows. */
    private static final JsonObject ALL_ALLOWED =
            new JsonObject().put("allowedDomains", new JsonArray(List.of("*", METADATA, "127.0.0.1", "*.test")));

    private static final JsonObject PROXIED = new JsonObject()
            .put(
                    "proxy",
                    new JsonArray(List.of(
                            new JsonObject()
                                    .put("domains", new JsonArray(List.of("site.test")))
                                    .put("server", "none"),
                            new JsonObject()
                                    .put(
                                            "server",
                                            "http://" + ContainmentSessions.CONTROL + ":"
                                                    + DecoyInternet.PROXY_PORT))));

    private final Path folder;
    private final ContainmentChrome chrome;
    private final ContainmentWatch watch;
    private final Berth berth;
    private final ContainmentSessions sessions;
    private final List<ContainmentRow> rows = new ArrayList<>();

    private ContainmentRig(Path folder, BrowserKind kind) throws IOException {
        this.folder = folder;
        Vertx vertx = Vertx.vertx();
        DnsAnswers names = names(new DnsAnswers(vertx));
        watch = new ContainmentWatch(new DecoyInternet(vertx, folder.resolve("packets"), DECOYS), names);
        chrome = new ContainmentChrome(folder, kind);
        Map<String, String> settings = Map.of(
                "BERTH_EGRESS_ALLOW",
                "none",
                kind == BrowserKind.SHELL ? "BERTH_POOL_SIZE" : "BERTH_POOL_CHROME",
                "1",
                kind == BrowserKind.SHELL ? "BERTH_CHROME_PATH" : "BERTH_CHROME_FULL_PATH",
                chrome.program().toString());
        berth = Berth.startWithItsPostgres(folder.resolve("data"), settings);
        sessions = new ContainmentSessions(berth.api(), watch, chrome, kind);
    }

    private static DnsAnswers names(DnsAnswers names) {
        for (String allowed : List.of("site.test", "other.test", ContainmentSessions.CONTROL)) {
            names.add(allowed, ContainmentWatch.ALLOWED);
        }
        for (String denied : List.of(EVIL, "*.evil.test", "*.leak.test", ContainmentChrome.TARGET)) {
            names.add(denied, ContainmentWatch.DENIED);
        }
        return names.add("metadata.test", METADATA)
                .add("private.test", "10.99.0.1")
                .add("private6.test", "fd00:99::1")
                .add("loopback.test", "127.0.0.1")
                .add("translated.test", "64:ff9b::a9fe:a9fe")
                .add("rebinds.test", ContainmentWatch.ALLOWED, METADATA);
    }

    /** Writes the rows to the folder, if nothing failed on the way. */
    public static void main(String[] arguments) {
        int code = 1;
        try {
            run(Path.of(arguments[0]), arguments[1].equals("full"), BrowserKind.valueOf(arguments[2]));
            code = 0;
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
        } finally {
            // Threads of the decoys are still there.
            System.exit(code);
        }
    }

    private static void run(Path folder, boolean full, BrowserKind kind) throws IOException {
        ContainmentRig rig = new ContainmentRig(folder, kind);
        try {
            if (full) {
                rig.chrome.compare(rig.watch);
            }
            rig.requireExtensionsHeld(kind);
            rig.take(rig.parts());
            rig.rows.add(new ContainmentRow(
                    "all else that Chromes do", "", rig.watch.look().others(), "always", "nothing is sent"));
            if (full) {
                rig.take(rig.moreParts());
                rig.full();
            }
        } finally {
            rig.berth.stop();
        }
        Files.write(
                folder.resolve("rows"),
                rig.rows.stream().map(row -> row.toJson().encode()).toList());
    }

    /** Pages of extensions may send what pages may not, so that only the wall of the network holds them. */
    private void requireExtensionsHeld(BrowserKind kind) {
        Api api = berth.api();
        boolean walled = api.get("/health/ready")
                .json()
                .getJsonObject("protections")
                .getString("network")
                .equals("on");
        if (kind == BrowserKind.SHELL || walled) {
            return;
        }
        Api.send(api.request("/api/extensions/counter")
                .header("Content-Type", "application/zip")
                .PUT(BodyPublishers.ofByteArray(ExtensionsIT.zip())));
        JsonObject options =
                new JsonObject().put("browser", kind.wireName()).put("extensions", new JsonArray(List.of("counter")));
        Api.Answer refused = api.post("/api/sessions", new JsonObject().put("options", options));
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.error().getString("message")).startsWith("options.extensions: extensions could send past");
    }

    private void take(List<ContainmentPart> parts) {
        watch.mark();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        List<CompletableFuture<List<ContainmentRow>>> all = parts.stream()
                .map(part -> CompletableFuture.supplyAsync(part::rows, threads))
                .toList();
        all.forEach(part -> rows.addAll(part.join()));
        threads.shutdown();
    }

    private List<ContainmentPart> parts() {
        return List.of(
                () -> sessions.page(NO_LIST, "http", METADATA, OPEN),
                () -> sessions.spelled(NO_LIST, ContainmentSpellings.ADDRESSES, OPEN + SPELLED),
                () -> sessions.page(ALLOWED, "https", EVIL, LISTED + SECURE),
                () -> sessions.driver(ALLOWED, EVIL, LISTED + DOORS),
                () -> sessions.spelled(ALL_ALLOWED, ContainmentSpellings.KINDS, BLOCKED));
    }

    private List<ContainmentPart> moreParts() {
        return List.of(
                () -> sessions.page(NO_LIST, "https", METADATA, OPEN + SECURE),
                () -> sessions.driver(NO_LIST, METADATA, OPEN + DOORS),
                () -> sessions.page(ALLOWED, "http", EVIL, LISTED),
                () -> sessions.spelled(ALLOWED, ContainmentSpellings.NAMES, LISTED + SPELLED),
                () -> sessions.spelled(DENIED, ContainmentSpellings.NAMES, BLOCKED + SPELLED),
                () -> sessions.spelled(
                        NO_LIST, List.of("[" + ContainmentWatch.ALLOWED_6 + "]"), BLOCKED + SPELLED + DOORS),
                () -> sessions.spelled(PROXIED, ContainmentSpellings.LITERALS, BLOCKED + SECURE));
    }

    private void full() throws IOException {
        rows.addAll(ContainmentOwnPorts.rows(folder.resolve("own"), chrome.program()));
        for (String host : ContainmentSpellings.KINDS) {
            watch.mark();
            rows.addAll(sessions.page(NO_LIST, "http", host, OPEN));
        }
    }

    /** What one session takes. */
    private interface ContainmentPart {
        List<ContainmentRow> rows();
    }
}
