package dev.berth.it;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ways out that a session's driver has: verbs of the API, and commands over CDP. */
final class ContainmentDoors {
    /** A way out. */
    interface Door {
        /** Tries it; gives what the driver was told. */
        String lead(String url);
    }

    private final Api api;
    private final Api.Opened session;
    private final JsonObject options;
    private final CdpClient client;
    private final String page;
    private final List<String> made = new ArrayList<>();

    ContainmentDoors(Api api, Api.Opened session, JsonObject options) {
        this.api = api;
        this.session = session;
        this.options = options;
        client = CdpClient.connect(session.connectUrl());
        page = client.attach();
    }

    /** By name. The last ones leave the page. */
    Map<String, Door> all() {
        Map<String, Door> doors = new LinkedHashMap<>();
        doors.put("create with a URL", this::create);
        // A list is about pages: who sets a proxy chooses it.
        for (String scheme : options.isEmpty() ? List.of("http", "https", "socks5") : List.<String>of()) {
            doors.put("proxy by " + scheme, url -> upstream(url.replace("http:", scheme + ":")));
        }
        doors.put("CDP loadNetworkResource", this::load);
        doors.put("CDP manifest", this::manifest);
        doors.put("CDP context, direct", url -> context(url, new JsonObject().put("proxyServer", "direct://")));
        doors.put(
                "CDP context, bypass",
                url -> context(
                        url,
                        new JsonObject().put("proxyServer", "http://site.test").put("proxyBypassList", "*")));
        doors.put("CDP context", url -> context(url, new JsonObject()));
        doors.put("CDP createTarget", url -> ask("Target.createTarget", new JsonObject().put("url", url), ""));
        doors.put("CDP continueRequest", this::rewrite);
        doors.put("CDP navigate", url -> ask("Page.navigate", new JsonObject().put("url", url), page));
        doors.put(
                "REST navigate", url -> told(api.post(session.path() + "/navigate", new JsonObject().put("url", url))));
        return doors;
    }

    private static String told(Api.Answer answer) {
        return answer.status() + " "
                + (answer.status() < 400 ? "" : answer.error().getString("message"));
    }

    private String create(String url) {
        Api.Answer created = api.post(
                "/api/sessions?wait=running",
                new JsonObject().put("initialPrompt", url).put("options", options));
        if (created.status() == 201) {
            made.add("/api/sessions/" + created.json().getString("sessionId"));
        }
        return told(created);
    }

    /** A session that has the target for its proxy. */
    private String upstream(String url) {
        JsonObject proxy = new JsonObject().put("server", url.substring(0, url.length() - 1));
        JsonObject all = options.copy().put("proxy", proxy);
        Api.Answer created = api.post("/api/sessions?wait=running", new JsonObject().put("options", all));
        if (created.status() != 201) {
            return told(created);
        }
        String path = "/api/sessions/" + created.json().getString("sessionId");
        String told = told(api.post(
                path + "/navigate",
                new JsonObject().put("url", "http://site.test/").put("timeout", 2_000)));
        api.delete(path);
        return told;
    }

    private String ask(String method, JsonObject params, String to) {
        JsonObject reply = client.ask(method, params, to);
        JsonObject error = reply.getJsonObject("error");
        return error == null ? reply.getJsonObject("result").encode() : "refused: " + error.getString("message");
    }

    private String load(String url) {
        String frame = client.send("Page.getFrameTree", new JsonObject(), page)
                .getJsonObject("frameTree")
                .getJsonObject("frame")
                .getString("id");
        JsonObject options = new JsonObject().put("disableCache", true).put("includeCredentials", false);
        return ask(
                "Network.loadNetworkResource",
                new JsonObject().put("frameId", frame).put("url", url).put("options", options),
                page);
    }

    private String manifest(String url) {
        client.evaluate(
                "document.head.append(Object.assign(document.createElement('link'), {rel: 'manifest', id: 'm', href: '"
                        + url + "'})), 1",
                page);
        String told = ask("Page.getAppManifest", new JsonObject(), page);
        client.evaluate("m.remove(), 1", page);
        return told;
    }

    private String context(String url, JsonObject params) {
        JsonObject made = client.ask("Target.createBrowserContext", params, "");
        if (made.containsKey("error")) {
            return "refused: " + made.getJsonObject("error").getString("message");
        }
        String context = made.getJsonObject("result").getString("browserContextId");
        return ask("Target.createTarget", new JsonObject().put("url", url).put("browserContextId", context), "");
    }

    /** A request that is to the site, and is then sent elsewhere. */
    private String rewrite(String url) {
        JsonArray patterns = new JsonArray().add(new JsonObject().put("urlPattern", "*/rewritten*"));
        client.send("Fetch.enable", new JsonObject().put("patterns", patterns), page);
        client.evaluate("fetch('/rewritten', {mode: 'no-cors'}), 1", page);
        JsonObject paused = client.event("Fetch.requestPaused", event -> true).getJsonObject("params");
        String told = ask(
                "Fetch.continueRequest",
                new JsonObject().put("requestId", paused.getString("requestId")).put("url", url),
                page);
        client.send("Fetch.disable", new JsonObject(), page);
        return told;
    }

    void close() {
        client.vanish();
        made.forEach(api::delete);
    }
}
