package dev.berth.it;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * A server among decoys, whose pages and clients take every way out: first to a target that they must not reach, then to a control that
 * they may. A way that arrives at the control was truly taken. Runs in {@code containment/network.sh} only.
 */
final class ContainmentRig {
    private static final String METADATA = "169.254.169.254";
    private static final String EVIL = "evil.test";
    private static final String CONTROL = "control.test";
    private static final int DECOYS = 400;
    private static final int SECURE = DecoyInternet.FIRST_PORT + 150;
    private static final int DOORS = DecoyInternet.FIRST_PORT + 200;
    private static final int SPELLED = DecoyInternet.FIRST_PORT + 250;
    private static final int SETTLE_MILLIS = 4_000;
    private static final long PATIENCE_NANOS = 8_000_000_000L;
    /** Of {@code site.pem}: so, Chrome takes the site's certificate for a valid one, without which it has no QUIC and no reports. */
    private static final String SITE_KEY = "idR7RsKMi5+xN801C+NgdwN8d9BE755jHls39/22BFQ=";

    private final Berth berth;
    private final Api api;
    private final ContainmentWatch watch;
    private final List<ContainmentRow> rows = new ArrayList<>();

    private ContainmentRig(Path folder) throws IOException {
        Vertx vertx = Vertx.vertx();
        DnsAnswers names = names(new DnsAnswers(vertx));
        watch = new ContainmentWatch(new DecoyInternet(vertx, folder.resolve("packets"), DECOYS), names);
        berth = Berth.startWithItsPostgres(
                folder.resolve("data"),
                Map.of(
                        "BERTH_EGRESS_ALLOW",
                        "none",
                        "BERTH_POOL_SIZE",
                        "1",
                        "BERTH_CHROME_PATH",
                        chrome(folder).toString()));
        api = berth.api();
    }

    private static DnsAnswers names(DnsAnswers names) {
        for (String allowed : List.of("site.test", "other.test", CONTROL)) {
            names.add(allowed, ContainmentWatch.ALLOWED);
        }
        for (String denied : List.of(EVIL, "*.evil.test", "*.leak.test")) {
            names.add(denied, ContainmentWatch.DENIED);
        }
        return names.add("metadata.test", METADATA)
                .add("private.test", "10.99.0.1")
                .add("private6.test", "fd00:99::1")
                .add("loopback.test", "127.0.0.1")
                .add("translated.test", "64:ff9b::a9fe:a9fe")
                .add("rebinds.test", ContainmentWatch.ALLOWED, METADATA);
    }

    private static Path chrome(Path folder) throws IOException {
        Path script = folder.resolve("chrome");
        Files.writeString(
                script,
                "#!/bin/sh\nexec chromium-headless-shell \"$@\" --ignore-certificate-errors-spki-list=" + SITE_KEY
                        + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        try {
            ContainmentRig rig = new ContainmentRig(folder);
            rig.run(arguments[1].equals("full"));
            Files.write(
                    folder.resolve("rows"),
                    rig.rows.stream().map(row -> row.toJson().encode()).toList());
            rig.berth.stop();
        } catch (RuntimeException | AssertionError e) {
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private void run(boolean full) {
        JsonObject open = new JsonObject();
        JsonObject listed =
                new JsonObject().put("allowedDomains", new JsonArray(List.of("site.test", "other.test", CONTROL)));
        JsonObject blocked = new JsonObject().put("blockedDomains", new JsonArray(List.of(EVIL, "*.evil.test")));
        time("open, http", () -> pages(open, "http", METADATA, DecoyInternet.FIRST_PORT));
        time("open, https", () -> pages(open, "https", METADATA, SECURE));
        time("open, doors", () -> doors(open, METADATA));
        time("open, spelled", () -> spelled(open, ContainmentSpellings.ADDRESSES));
        time("allowedDomains, http", () -> pages(listed, "http", EVIL, DecoyInternet.FIRST_PORT));
        time("allowedDomains, https", () -> pages(listed, "https", EVIL, SECURE));
        time("allowedDomains, doors", () -> doors(listed, EVIL));
        time("allowedDomains, spelled", () -> spelled(listed, ContainmentSpellings.NAMES));
        time("blockedDomains, spelled", () -> spelled(blocked, ContainmentSpellings.NAMES));
        if (full) {
            ContainmentSpellings.ADDRESSES.forEach(
                    host -> time(host, () -> pages(open, "http", host, DecoyInternet.FIRST_PORT)));
        }
    }

    private void time(String what, Runnable part) {
        long from = System.nanoTime();
        try {
            part.run();
        } catch (RuntimeException | AssertionError e) {
            rows.add(new ContainmentRow(what, "", List.of("failed: " + e.getMessage()), "", ""));
        }
        System.out.println(what + ": " + (System.nanoTime() - from) / 1_000_000 + " ms");
    }

    private String open(JsonObject options, String scheme) {
        String session = api.newSession(new JsonObject().put("options", options));
        api.navigate(session, scheme + "://site.test/");
        watch.mark();
        return session;
    }

    /** All ways that a page has. */
    private void pages(JsonObject options, String scheme, String target, int firstPort) {
        String session = open(options, scheme);
        String page = api.get(session + "/pages").list("pages").getJsonObject(0).getString("pageId");
        List<String> ways = ((JsonArray) api.evaluate(session, "Object.keys(ways)"))
                .stream().map(String.class::cast).toList();
        Map<String, String> told = leave(session, page, target, firstPort);
        Map<String, String> control = leave(session, page, CONTROL, firstPort);
        judge(new Tried(scheme + " page " + options.fieldNames(), target, ways, firstPort, told, control), session);
    }

    private Map<String, String> leave(String session, String page, String target, int firstPort) {
        String script = "leave('" + target + "', " + firstPort + ", " + SETTLE_MILLIS + ")";
        // Popups become the active page.
        JsonObject told = api.act(
                        session,
                        "evaluate",
                        new JsonObject().put("expression", script).put("page", page))
                .getJsonObject("result");
        api.act(session, "pdf", new JsonObject().put("page", page));
        return told.stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().toString()));
    }

    private void doors(JsonObject options, String target) {
        Api.Opened session = api.create(new JsonObject().put("options", options));
        api.navigate(session.path(), "http://site.test/");
        watch.mark();
        ContainmentDoors doors = new ContainmentDoors(api, session, options);
        Map<String, String> told = new LinkedHashMap<>();
        Map<String, String> control = new LinkedHashMap<>();
        doors.all().forEach((name, door) -> {
            int port = DOORS + told.size();
            told.put(name, lead(door, "http://" + target + ":" + port + "/"));
            control.put(name, lead(door, "http://" + CONTROL + ":" + port + "/"));
        });
        List<String> names = List.copyOf(told.keySet());
        judge(new Tried("driver " + options.fieldNames(), target, names, DOORS, told, control), session.path());
        doors.close();
    }

    private static String lead(ContainmentDoors.Door door, String url) {
        try {
            return door.lead(url);
        } catch (Exception | AssertionError e) {
            return e.toString();
        }
    }

    /** One way to many hosts, each several times, as names may resolve to another address each time. */
    private void spelled(JsonObject options, List<String> hosts) {
        String session = open(options, "http");
        Map<String, String> told = new LinkedHashMap<>();
        for (String host : hosts) {
            String urls = "'http://" + host + ":" + (SPELLED + told.size()) + "/'";
            String script = "(async () => { for (let i = 0; i < 4; i++) await fetch(" + urls
                    + ", noCors).catch(() => 0); return add('iframe', {src: " + urls + "}).src; })()";
            told.put(host, String.valueOf(api.evaluate(session, script)));
        }
        judge(new Tried("fetch and iframe " + options.fieldNames(), "", hosts, SPELLED, told, Map.of()), session);
    }

    /**
     * What was done.
     *
     * @param told what each way gave to who took it
     * @param control the same on the way to the control, empty if there was none
     */
    private record Tried(
            String by,
            String target,
            List<String> ways,
            int firstPort,
            Map<String, String> told,
            Map<String, String> control) {}

    private void judge(Tried tried, String session) {
        Set<Integer> loud = java.util.stream.IntStream.range(
                        0, tried.control().isEmpty() ? 0 : tried.ways().size())
                .filter(i ->
                        !ContainmentSpellings.SILENT.containsKey(tried.ways().get(i)))
                .mapToObj(i -> tried.firstPort() + i)
                .collect(Collectors.toSet());
        patiently(() -> watch.atControl().keySet().containsAll(loud));
        Map<Integer, List<String>> controls = watch.atControl();
        List<JsonObject> network = api.get(session + "/network?limit=1000").list("requests").stream()
                .map(JsonObject.class::cast)
                .filter(entry -> !entry.getString("url").contains(CONTROL))
                .toList();
        Map<Integer, List<String>> leaks = watch.leaks();
        for (int i = 0; i < tried.ways().size(); i++) {
            int port = tried.firstPort() + i;
            String way = tried.ways().get(i);
            List<String> entries = network.stream()
                    .filter(entry -> entry.getString("url").contains(":" + port + "/"))
                    .map(ContainmentRig::whatStopped)
                    .distinct()
                    .toList();
            String proof = controls.containsKey(port)
                    ? "arrives at control"
                    : !entries.isEmpty() ? "in network log" : ContainmentSpellings.SILENT.getOrDefault(way, "");
            String stopped = entries.isEmpty() ? tried.told().get(way) : String.join(" | ", entries);
            List<String> leaked = leaks.containsKey(port) ? leaks.remove(port) : List.of();
            rows.add(new ContainmentRow(
                    tried.by() + ": " + way,
                    tried.target(),
                    leaked,
                    proof,
                    stopped + "; control: " + tried.control().get(way)));
        }
        List<String> others = leaks.values().stream().flatMap(List::stream).toList();
        rows.add(new ContainmentRow(tried.by() + ": all else", "", others, "always", "nothing sent"));
        api.delete(session);
    }

    private static String whatStopped(JsonObject entry) {
        JsonObject blocked = entry.getJsonObject("blocked");
        return blocked == null
                ? "error " + entry.getValue("error") + ", status " + entry.getValue("status")
                : "blocked: " + blocked.getString("words");
    }

    private static void patiently(BooleanSupplier wished) {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (!wished.getAsBoolean() && System.nanoTime() < until) {
            LockSupport.parkNanos(50_000_000);
        }
    }
}
