package dev.berth.it;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What the contract's examples need of a server: values for parameters, and what must be there before. */
final class ExampleValues {
    private final Berth berth;
    private final Api api;
    private final String session;
    private final String page;

    /** The values of parameters for one example, which preparations may give. */
    private final Map<String, String> prepared = new HashMap<>();

    ExampleValues(Berth berth, String session, String page) {
        this.berth = berth;
        this.api = berth.api();
        this.session = session;
        this.page = page;
    }

    /** The values of required parameters that have no example, by their names. */
    private Map<String, Supplier<String>> values() {
        return Map.ofEntries(
                entry("sessionId", () -> id(session)),
                entry("pageId", () -> post(session + "/pages", "{}").getString("pageId")),
                entry(
                        "routeId",
                        () -> post(session + "/routes", "{\"url\":\"**/none\",\"action\":\"block\"}")
                                .getString("routeId")),
                entry("taskId", this::waitingTask),
                entry("webhookId", this::webhook),
                entry("profile", this::profile),
                entry("extension", this::extension),
                entry("run", () -> ContractExamplesIT.RUN),
                entry("deliveryId", this::delivery),
                entry("linkId", () -> post(session + "/share", "{}").getString("linkId")),
                entry("offset", () -> "0"),
                entry("name", this::file),
                entry(
                        "keyId",
                        () -> String.valueOf(post("/api/admin/keys", "{\"user\":\"example\"}")
                                .getInteger("keyId"))),
                entry("user", this::user),
                entry("Mcp-Session-Id", this::mcpSession));
    }

    /** What must be before an example can succeed, by the operations. */
    private Map<String, Runnable> preparations() {
        return Map.ofEntries(
                entry("deleteSession", () -> prepared.put("sessionId", id(api.newSession()))),
                entry("endAnySession", () -> prepared.put("sessionId", id(api.newSession()))),
                entry("getNetworkBody", () -> api.await(session + "/network/0/body", answer -> answer.status() == 200)),
                entry("stopRecording", () -> post(session + "/recording/start", "{}")),
                entry("getRecording", this::record),
                entry("keepRecording", this::keepRecording));
    }

    /** Begins another example. */
    void prepare(String operationId) {
        prepared.clear();
        preparations().getOrDefault(operationId, () -> {}).run();
    }

    String of(String parameter) {
        assertThat(values().keySet())
                .as("the value of the parameter %s: give it an example, or ExampleValues a line", parameter)
                .contains(parameter);
        if (!prepared.containsKey(parameter)) {
            prepared.put(parameter, values().get(parameter).get());
        }
        return prepared.get(parameter);
    }

    /** With the test's page in place of one on the Internet. */
    String local(String text) {
        String origin = page.substring(0, page.indexOf('/', "http://".length()));
        return text.replace("\"origin\":\"https://example.com\"", "\"origin\":\"" + origin + "\"")
                .replaceAll("https://example\\.com", page)
                .replaceAll("(?<![\\w.])example\\.com", "127.0.0.1");
    }

    /** Ends the session or the task that an example began, whose places others need. */
    void cleanUp(String said) {
        if (prepared.containsKey("taskId")) {
            api.post("/api/agent/" + prepared.get("taskId") + "/cancel");
        }
        if (said.startsWith("{\"success\":true,\"data\":{\"taskId\"")) {
            api.post("/api/agent/" + new JsonObject(said).getJsonObject("data").getString("taskId") + "/cancel");
        } else if (said.startsWith("{\"sessionId\"")) {
            String begun = new JsonObject(said).getString("sessionId");
            if (!begun.equals(id(session))) {
                api.delete("/api/sessions/" + begun);
            }
        }
    }

    /** Until the flight recorder has seen something. */
    /** Until something is written. */
    private void record() {
        post(session + "/recording/start", "{}");
        Api.await(() -> api.get(session + "/recording"), answer -> answer.status() == 200);
    }

    private void keepRecording() {
        Api.await(() -> api.post(session + "/recording/keep"), answer -> answer.status() == 200);
    }

    private String waitingTask() {
        AiTasks tasks = new AiTasks(api);
        JsonObject task =
                tasks.begin(new JsonObject().put("instruction", "Choose one").put("startUrl", page));
        tasks.await(task, now -> now.getString("status").equals("waiting"));
        return task.getString("taskId");
    }

    private String file() {
        String name = "file-" + System.nanoTime() + ".txt";
        Api.send(api.request(session + "/files/" + name).PUT(HttpRequest.BodyPublishers.ofString("hello")));
        return name;
    }

    private String user() {
        String name = "user-" + System.nanoTime();
        return post("/api/admin/users", new JsonObject().put("user", name).encode())
                .getString("user");
    }

    private String profile() {
        String name = "profile-" + System.nanoTime();
        berth.postgres("insert into profiles (user_id, name, last_version) select user_id, '" + name
                + "', 1 from users where name = 'default'");
        return name;
    }

    private String extension() {
        String name = "extension-" + System.nanoTime();
        berth.postgres(
                "insert into extensions (user_id, name, extension_id, title, version, object_key, size) select user_id, '"
                        + name + "', '', '', '', 'extensions/" + name + "', 0 from users where name = 'default'");
        return name;
    }

    private String webhook() {
        JsonObject webhook = new JsonObject().put("url", page).put("events", new JsonArray().add("session.created"));
        return post("/api/webhooks", webhook.encode()).getString("webhookId");
    }

    private String delivery() {
        return post("/api/webhooks/" + of("webhookId") + "/test", "{}").getString("deliveryId");
    }

    private String mcpSession() {
        String initialize = ContractExample.all()
                .filter(example -> example.operationId().equals("sendMcpMessage"))
                .findFirst()
                .orElseThrow()
                .body();
        return Api.send(api.request("/mcp")
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json, text/event-stream")
                        .POST(HttpRequest.BodyPublishers.ofString(initialize)))
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow();
    }

    private JsonObject post(String path, String body) {
        Api.Answer answer = api.post(path, new JsonObject(body));
        assertThat(answer.status()).as(answer.text()).isBetween(200, 299);
        return answer.json();
    }

    private static String id(String sessionPath) {
        return sessionPath.substring(sessionPath.lastIndexOf('/') + 1);
    }
}
