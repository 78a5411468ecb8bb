package dev.berth.it;

import dev.berth.protocol.BrowserKind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Sessions whose page or driver takes the ways out, and what came of it. Thread-safe. */
final class ContainmentSessions {
    /** Where every session may go. */
    static final String CONTROL = "control.test";

    private static final int SETTLE_MILLIS = 2_500;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final Api api;
    private final ContainmentWatch watch;
    private final ContainmentChrome chrome;
    private final BrowserKind kind;

    ContainmentSessions(Api api, ContainmentWatch watch, ContainmentChrome chrome, BrowserKind kind) {
        this.api = api;
        this.watch = watch;
        this.chrome = chrome;
        this.kind = kind;
    }

    /**
     * What was tried: each way at a port of its own, from the first one on.
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
            Map<String, String> control) {

        String told(int index) {
            return told.get(ways.get(index));
        }

        /** Whether the server said that it does not even try. */
        boolean isRefused(int index) {
            return ContainmentSessions.isRefused(told(index));
        }
    }

    private static boolean isRefused(String told) {
        return told.startsWith("refused: ") || told.startsWith("400 ");
    }

    private Api.Opened open(JsonObject options, String scheme) {
        JsonObject wanted = options.copy().put("browser", kind.wireName());
        Api.Opened session = api.create(new JsonObject().put("options", wanted));
        api.navigate(session.path(), scheme + "://site.test/");
        return session;
    }

    /** All ways that a page has. */
    List<ContainmentRow> page(JsonObject options, String scheme, String target, int firstPort) {
        String session = open(options, scheme).path();
        String page = pageOf(session);
        Map<String, String> told = leave(session, page, target, firstPort);
        Map<String, String> control = leave(session, page, CONTROL, firstPort);
        String by = scheme + " page " + String.join("", options.fieldNames());
        return judge(new Tried(by, target, chrome.ways(scheme), firstPort, told, control), session);
    }

    private Map<String, String> leave(String session, String page, String target, int firstPort) {
        String script = "leave('" + target + "', " + firstPort + ", " + SETTLE_MILLIS + ")";
        JsonObject told = (JsonObject) evaluate(session, page, script);
        if (told.containsKey("print-css")) {
            api.act(session, "pdf", new JsonObject().put("page", page));
        }
        return told.stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().toString()));
    }

    private String pageOf(String session) {
        return api.get(session + "/pages").list("pages").getJsonObject(0).getString("pageId");
    }

    /** In this page: popups become the active one. */
    private Object evaluate(String session, String page, String script) {
        return api.act(
                        session,
                        "evaluate",
                        new JsonObject().put("expression", script).put("page", page))
                .getValue("result");
    }

    /** All ways that a driver has. */
    List<ContainmentRow> driver(JsonObject options, String target, int firstPort) {
        Api.Opened session = open(options, "http");
        ContainmentDoors doors = new ContainmentDoors(api, session, options);
        Map<String, String> told = new LinkedHashMap<>();
        Map<String, String> control = new LinkedHashMap<>();
        doors.all().forEach((name, door) -> {
            int port = firstPort + told.size();
            String said = lead(door, "http://" + target + ":" + port + "/");
            told.put(name, said);
            control.put(name, isRefused(said) ? "not tried" : lead(door, "http://" + CONTROL + ":" + port + "/"));
        });
        String by = "driver " + String.join("", options.fieldNames());
        List<ContainmentRow> rows =
                judge(new Tried(by, target, List.copyOf(told.keySet()), firstPort, told, control), session.path());
        doors.close();
        return rows;
    }

    private static String lead(ContainmentDoors.Door door, String url) {
        try {
            return door.lead(url);
        } catch (RuntimeException | AssertionError e) {
            return e.toString();
        }
    }

    /** Few ways to many hosts. */
    List<ContainmentRow> spelled(JsonObject options, List<String> hosts, int firstPort) {
        String session = open(options, "http").path();
        String script = "Promise.all(" + new JsonArray(hosts).encode() + ".map((host, i) => visit(host, " + firstPort
                + " + i)))";
        JsonArray answers = (JsonArray) evaluate(session, pageOf(session), script);
        Map<String, String> told = new LinkedHashMap<>();
        hosts.forEach(host -> told.put(host, answers.getString(told.size())));
        String by = "fetch, iframe, open " + String.join("", options.fieldNames());
        return judge(new Tried(by, "", hosts, firstPort, told, Map.of()), session);
    }

    private List<ContainmentRow> judge(Tried tried, String session) {
        List<Integer> loud = IntStream.range(0, tried.control().size())
                .filter(i ->
                        !tried.isRefused(i) && !chrome.isSilent(tried.ways().get(i)))
                .mapToObj(i -> tried.firstPort() + i)
                .toList();
        patiently(() -> watch.look().atControl().containsAll(loud));
        ContainmentWatch.Seen seen = watch.look();
        List<JsonObject> network = api.get(session + "/network?limit=1000").list("requests").stream()
                .map(JsonObject.class::cast)
                .filter(entry -> !entry.getString("url").contains(CONTROL))
                .toList();
        api.delete(session);
        return IntStream.range(0, tried.ways().size())
                .mapToObj(i -> row(tried, i, seen, network))
                .toList();
    }

    private ContainmentRow row(Tried tried, int index, ContainmentWatch.Seen seen, List<JsonObject> network) {
        int port = tried.firstPort() + index;
        List<String> entries = network.stream()
                .filter(entry -> entry.getString("url").contains(":" + port + "/"))
                .map(ContainmentSessions::whatStopped)
                .distinct()
                .toList();
        return new ContainmentRow(
                tried.by() + ": " + tried.ways().get(index),
                tried.target(),
                seen.leaks(port),
                proof(tried, index, seen, !entries.isEmpty()),
                entries.isEmpty()
                        ? chrome.stopped(tried.ways().get(index)) + tried.told(index)
                        : String.join(" | ", entries));
    }

    /** How it is known that a way was taken. */
    private String proof(Tried tried, int index, ContainmentWatch.Seen seen, boolean isLogged) {
        if (seen.atControl().contains(tried.firstPort() + index)) {
            return "arrives at the control";
        } else if (isLogged) {
            return "the network log has it";
        }
        return tried.isRefused(index)
                ? "the driver was refused"
                : chrome.proof(tried.ways().get(index));
    }

    private static String whatStopped(JsonObject entry) {
        JsonObject blocked = entry.getJsonObject("blocked");
        return blocked == null
                ? "error " + entry.getValue("error") + ", status " + entry.getValue("status")
                : "blocked: " + blocked.getString("words");
    }

    static void patiently(BooleanSupplier wished) {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (!wished.getAsBoolean() && System.nanoTime() < until) {
            LockSupport.parkNanos(50_000_000);
        }
    }
}
