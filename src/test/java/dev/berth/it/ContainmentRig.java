package dev.berth.it;

import dev.berth.it.DecoyInternet.Packet;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A server among decoys, whose pages and clients take every way out: first to a target that they must not reach, then to a control that
 * they may. A way that arrives at the control was truly taken. Runs in {@code containment/network.sh} only.
 */
final class ContainmentRig {
    static final String PUBLIC = "93.184.216.34";
    private static final String METADATA = "169.254.169.254";
    private static final String CONTROL = "control.test";
    private static final int DECOYS = 400;
    private static final int SECURE = DecoyInternet.FIRST_PORT + 150;
    private static final int SPELLED = DecoyInternet.FIRST_PORT + 250;
    private static final int SETTLE_MILLIS = 5_000;
    private static final long PATIENCE_NANOS = 8_000_000_000L;

    private final Path folder;
    private final DecoyInternet internet;
    private final DnsAnswers names;
    private final Berth berth;
    private final Api api;
    private final List<ContainmentRow> rows = new ArrayList<>();
    private int packetsBefore;
    private int namesBefore;

    private ContainmentRig(Path folder) throws IOException {
        this.folder = folder;
        Vertx vertx = Vertx.vertx();
        names = new DnsAnswers(vertx)
                .add("site.test", PUBLIC)
                .add("other.test", PUBLIC)
                .add(CONTROL, PUBLIC)
                .add("evil.test", "93.184.216.66")
                .add("*.leak.test", "93.184.216.66")
                .add("metadata.test", METADATA)
                .add("private.test", "10.99.0.1")
                .add("loopback.test", "127.0.0.1")
                .add("private6.test", "fd00:99::1")
                .add("translated.test", "64:ff9b::a9fe:a9fe")
                .add("mixed.test", METADATA + " " + PUBLIC)
                .add("rebinds.test", PUBLIC, METADATA);
        internet = new DecoyInternet(vertx, folder.resolve("packets"), DECOYS);
        berth = Berth.startWithItsPostgres(
                folder.resolve("data"), Map.of("BERTH_EGRESS_ALLOW", "none", "BERTH_POOL_SIZE", "1"));
        api = berth.api();
    }

    public static void main(String[] arguments) throws IOException {
        ContainmentRig rig = new ContainmentRig(Path.of(arguments[0]));
        try {
            rig.run(arguments[1].equals("full"));
        } catch (Throwable e) {
            e.printStackTrace();
            System.exit(1);
        }
        Files.write(
                rig.folder.resolve("rows"),
                rig.rows.stream().map(row -> row.toJson().encode()).toList());
        rig.berth.stop();
        System.exit(0);
    }

    private void run(boolean full) {
        time("open, http", () -> ways(new JsonObject(), "http://site.test/", METADATA, DecoyInternet.FIRST_PORT));
        JsonObject lax = new JsonObject().put("ignoreHttpsErrors", true);
        time("open, https", () -> ways(lax, "https://site.test/", METADATA, SECURE));
    }

    private static void time(String what, Runnable part) {
        long from = System.nanoTime();
        part.run();
        System.out.println(what + ": " + (System.nanoTime() - from) / 1_000_000 + " ms");
    }

    /** All ways of a page. */
    private void ways(JsonObject options, String page, String target, int firstPort) {
        begin();
        String session = api.newSession(new JsonObject().put("options", options));
        api.navigate(session, page);
        String start = pageOf(session);
        JsonArray all = (JsonArray) api.evaluate(session, "Object.keys(ways)");
        JsonObject told = leave(session, start, target, firstPort);
        JsonObject toldOfControl = leave(session, start, CONTROL, firstPort);
        patiently(() -> arrived(true).size() >= all.size());
        Map<Integer, List<String>> leaks = arrived(false);
        Map<Integer, List<String>> controls = arrived(true);
        List<JsonObject> network = network(session);
        for (int i = 0; i < all.size(); i++) {
            String way = all.getString(i);
            int port = firstPort + i;
            String stopped = network.stream()
                    .filter(entry -> entry.getString("url").contains(":" + port + "/")
                            && !entry.getString("url").contains(CONTROL))
                    .map(ContainmentRig::whatStopped)
                    .distinct()
                    .reduce((one, other) -> one + " | " + other)
                    .orElse("no entry; " + told.getString(way));
            rows.add(new ContainmentRow(
                    way,
                    target,
                    leaks.getOrDefault(port, List.of()),
                    controls.containsKey(port) ? "arrives at control" : "",
                    stopped + (controls.containsKey(port) ? "" : "; control: " + toldOfControl.getString(way))));
            leaks.remove(port);
        }
        rows.add(new ContainmentRow(
                "Chrome itself",
                page,
                leaks.values().stream().flatMap(List::stream).toList(),
                "always",
                ""));
        api.delete(session);
    }

    private static String whatStopped(JsonObject entry) {
        JsonObject blocked = entry.getJsonObject("blocked");
        return blocked == null
                ? "error " + entry.getValue("error") + " status " + entry.getValue("status")
                : blocked.encode();
    }

    /** Popups become the active page, so verbs name theirs. */
    private String pageOf(String session) {
        return api.get(session + "/pages").list("pages").getJsonObject(0).getString("pageId");
    }

    private JsonObject leave(String session, String page, String target, int firstPort) {
        String script = "leave('" + target + "', " + firstPort + ", " + SETTLE_MILLIS + ")";
        JsonObject told = api.act(session, "evaluate", new JsonObject().put("expression", script).put("page", page))
                .getJsonObject("result");
        api.act(session, "pdf", new JsonObject().put("page", page));
        return told;
    }

    private List<JsonObject> network(String session) {
        return api.get(session + "/network?limit=1000").list("requests").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private void begin() {
        packetsBefore = internet.packets().size();
        namesBefore = names.asked().size();
    }

    /** What was sent since the beginning, by port: to the control, or elsewhere. */
    private Map<Integer, List<String>> arrived(boolean atControl) {
        List<Packet> all = internet.packets();
        Map<Integer, List<String>> byPort = new LinkedHashMap<>();
        all.subList(packetsBefore, all.size()).stream()
                .filter(packet -> packet.address().equals(PUBLIC) == atControl)
                .forEach(packet -> {
                    List<String> of = byPort.computeIfAbsent(packet.port(), port -> new ArrayList<>());
                    String short0 = packet.protocol() + " " + packet.address() + " " + packet.port();
                    if (!of.contains(short0)) {
                        of.add(short0);
                    }
                });
        if (!atControl) {
            List<String> asked = names.asked();
            asked.subList(namesBefore, asked.size()).stream()
                    .filter(name -> name.endsWith("leak.test") || name.endsWith(".local"))
                    .distinct()
                    .forEach(name -> byPort.computeIfAbsent(53, port -> new ArrayList<>())
                            .add("dns " + name));
        }
        return byPort;
    }

    private static void patiently(BooleanSupplier wished) {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (!wished.getAsBoolean() && System.nanoTime() < until) {
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
        }
    }
}
