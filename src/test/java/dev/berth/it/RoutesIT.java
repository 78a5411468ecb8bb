package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rules for a session's requests. */
class RoutesIT extends InOneSession {
    private static final String FETCHING =
            "<script>window.ask = (url, how) => fetch(url, how).then(r => r.text(), e => 'failed')</script>";
    private static final String ASKING_WORKER =
            "onmessage = e => fetch(e.data).then(r => r.text(), x => 'failed').then(t => postMessage(t))";

    @AfterEach
    void removeRules() {
        routes().forEach(route -> remove(((JsonObject) route).getString("routeId")));
    }

    private JsonArray routes() {
        return api.get(session + "/routes").list("routes");
    }

    /** Gives its id. */
    private String add(String url, String action, String more) {
        return act("routes", new JsonObject(more).put("url", url).put("action", action))
                .getString("routeId");
    }

    private void remove(String routeId) {
        Api.Answer removed = api.delete(session + "/routes/" + routeId);
        assertThat(removed.status()).as(removed.text()).isEqualTo(200);
    }

    private Object ask(String url) {
        return script("ask('" + url + "')");
    }

    /** The entry of the latest finished request whose URL contains this. */
    private JsonObject request(String part) {
        JsonArray found = api.await(
                        session + "/network?url=" + part,
                        answer -> !answer.list("requests").isEmpty())
                .list("requests");
        return found.getJsonObject(found.size() - 1);
    }

    @Test
    void aRuleHoldsForAllThatRunsAlready() {
        String worker = "new Worker(URL.createObjectURL(new Blob([`" + ASKING_WORKER + "`])))";
        open(FETCHING + "<script>window.w = " + worker + "; window.inWorker = url => new Promise(done => {"
                + " w.onmessage = e => done(e.data); w.postMessage(url); });"
                + "window.inFrame = url => new Promise(done => { onmessage = e => done(e.data);"
                + " document.querySelector('iframe').contentWindow.postMessage(url, '*'); })</script>"
                + "<iframe src='"
                + otherSite("<script>onmessage = e => fetch(e.data).then(r => r.text(), x => 'failed')"
                        + ".then(t => parent.postMessage(t, '*'))</script>")
                + "'></iframe>");
        String asked = site.url("/item?ruled");
        assertThat(script("inWorker('" + asked + "')")).isEqualTo("ok");
        String rule = add("**/item?ruled*", "block", "{}");
        assertThat(ask(asked + "-page")).isEqualTo("failed");
        assertThat(script("inWorker('" + asked + "-worker')")).isEqualTo("failed");
        assertThat(script("inFrame('" + site.otherSiteUrl("/item?ruled-frame") + "')"))
                .isEqualTo("failed");
        assertThat(ask(site.url("/item?other"))).isEqualTo("ok");
        act("pages", new JsonObject().put("url", site.page(FETCHING)));
        assertThat(ask(asked + "-new-page")).isEqualTo("failed");
        assertThat(site.served("ruled-")).isEmpty();
        JsonObject entry = request("ruled-frame");
        assertThat(entry.getJsonObject("rule"))
                .isEqualTo(new JsonObject().put("routeId", rule).put("action", "block"));
        assertThat(entry.getString("error")).isEqualTo("net::ERR_BLOCKED_BY_CLIENT (by the session's " + rule + ")");
        assertThat(entry.getJsonObject("blocked").getString("rule")).isEqualTo(rule);
        assertThat(request("other").containsKey("rule")).isFalse();
        assertThat(routes().getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("routeId", rule)
                        .put("url", "**/item?ruled*")
                        .put("action", "block")
                        .put("used", 4));
        remove(rule);
        assertThat(ask(asked + "-after")).isEqualTo("ok");
    }

    private String otherSite(String html) {
        return site.page(html).replace("127.0.0.1", "localhost");
    }

    @Test
    void aServiceWorkersRequestsAreRuled() {
        add(
                "**/service.js",
                "mock",
                new JsonObject()
                        .put("headers", new JsonObject().put("content-type", "text/javascript"))
                        .put(
                                "body",
                                "self.addEventListener('install', () => self.skipWaiting());"
                                        + "self.addEventListener('activate', e => e.waitUntil(clients.claim()));"
                                        + "self.addEventListener('fetch', e => { if (e.request.url.includes('through'))"
                                        + " e.respondWith(fetch('/item?from-service')); });")
                        .encode());
        api.navigate(session, site.page(FETCHING));
        script("new Promise(done => { navigator.serviceWorker.addEventListener('controllerchange', done);"
                + " navigator.serviceWorker.register('/service.js', {scope: '/'}); }).then(() => 1)");
        assertThat(ask("/through")).isEqualTo("ok");
        add("**/item?from-service", "mock", "{\"body\":\"ruled\"}");
        assertThat(ask("/through")).isEqualTo("ruled");
        script(
                "navigator.serviceWorker.getRegistrations().then(all => Promise.all(all.map(r => r.unregister()))).then(() => 1)");
    }

    @Test
    void aMockAnswersInPlaceOfAServer() {
        open(FETCHING);
        String rule = add(
                "https://nowhere.invalid/{a,b}",
                "mock",
                "{\"status\":201,\"headers\":{\"content-type\":\"application/json\",\"x-a\":\"1\"},\"body\":\"{\\\"ä\\\":1}\",\"times\":3}");
        // Another site's: with the question of CORS that comes before, which no server answers either.
        assertThat(script("ask('https://nowhere.invalid/a', {method: 'PUT', headers: {'x-b': '1'}, body: 'c'})"))
                .isEqualTo("{\"ä\":1}");
        assertThat(ask("https://nowhere.invalid/b")).isEqualTo("{\"ä\":1}");
        JsonObject entry = request("nowhere.invalid/b");
        assertThat(entry.getInteger("status")).isEqualTo(201);
        assertThat(entry.getJsonObject("rule").getString("action")).isEqualTo("mock");
        assertThat(entry.getJsonObject("responseHeaders").getString("x-a")).isEqualTo("1");
        act("navigate", new JsonObject().put("url", "https://nowhere.invalid/a"));
        assertThat(routes()).isEmpty();
        assertThat(api.get(session + "/har").text()).contains("\"comment\":\"" + rule + ": mock\"");
        JsonObject logged = lastAction("add-route");
        assertThat(logged.getJsonObject("details").getString("routeId")).isEqualTo(rule);
        assertThat(logged.getJsonObject("details").getInteger("bodySize")).isEqualTo(8);
        add("**/dot.png", "mock", "{\"headers\":{\"content-type\":\"text/plain\"},\"bodyBase64\":\"AP8=\"}");
        open(FETCHING);
        assertThat(script("fetch('/dot.png').then(r => r.arrayBuffer()).then(b => [...new Uint8Array(b)].join())"))
                .isEqualTo("0,255");
    }

    @Test
    void headersAreChangedForWhatTheRuleFitsAndNotTold() {
        open(FETCHING);
        script("document.cookie = 'kept=1; path=/'");
        String redirected = site.url("/redirect-to?url=" + site.otherSiteUrl("/headers?landed"));
        add(
                "**/{headers?direct,redirect-to?**}",
                "continue",
                new JsonObject()
                        .put(
                                "setHeaders",
                                new JsonObject()
                                        .put("X-Tenant", "s3cret-tenant")
                                        .put("Accept", "text/x-b"))
                        .put("removeHeaders", new JsonArray().add("X-Own"))
                        .encode());
        JsonObject came = new JsonObject((String)
                script("ask('" + site.url("/headers?direct") + "', {headers: {'x-own': '1', 'x-kept': '1'}})"));
        assertThat(came.containsKey("x-kept")).isTrue();
        assertThat(came.getString("x-tenant")).isEqualTo("s3cret-tenant");
        assertThat(came.getString("accept")).isEqualTo("text/x-b");
        assertThat(came.getString("cookie")).contains("kept=1");
        assertThat(came.containsKey("x-own")).isFalse();
        assertThat((String) ask(redirected)).doesNotContain("s3cret-tenant");
        for (String what : new String[] {"/network", "/routes", "/actions", "/har"}) {
            assertThat(api.get(session + what).text()).doesNotContain("s3cret-tenant");
        }
        assertThat(request("headers?direct").getJsonObject("requestHeaders").getString("X-Tenant"))
                .isEqualTo("[redacted]");
        assertThat(routes().getJsonObject(0).getJsonArray("setHeaders")).containsExactly("Accept", "X-Tenant");
    }

    @Test
    void requestsAreDelayedAndFail() {
        open(FETCHING);
        add("**/item?late", "delay", "{\"delay\":300}");
        add("**/item?lost", "fail", "{\"error\":\"internetdisconnected\",\"methods\":[\"GET\"],\"types\":[\"fetch\"]}");
        // Not less than the delay, however long the rest takes.
        assertThat(
                        script(
                                "window.asked = performance.now(), ask('/item?late').then(() => performance.now() - asked >= 300)"))
                .isEqualTo(true);
        assertThat(request("item?late").getJsonObject("rule").getString("action"))
                .isEqualTo("delay");
        assertThat(ask("/item?lost")).isEqualTo("failed");
        assertThat(script("ask('/item?lost', {method: 'POST'})")).isEqualTo("ok");
        assertThat(
                        script(
                                "new Promise(done => { const i = new Image(); i.onerror = () => done('asked'); i.src = '/item?lost'; })"))
                .isEqualTo("asked");
        assertThat(site.served("item?lost")).hasSize(2);
    }

    @Test
    void aNavigationThatARuleStopsNamesIt() {
        String rule = add("**/two?blocked", "block", "{}");
        add("**/two?refused", "fail", "{\"error\":\"connectionrefused\"}");
        Api.Answer blocked = refused("navigate", "{\"url\":\"" + site.url("/two?blocked") + "\"}");
        assertThat(blocked.status()).isEqualTo(422);
        assertThat(blocked.error().getString("message"))
                .isEqualTo("navigation failed: net::ERR_BLOCKED_BY_CLIENT (by the session's " + rule + ")");
        assertThat(blocked.error().getString("hint")).contains("/routes");
        assertThat(refused("pages", "{\"url\":\"" + site.url("/two?refused") + "\"}")
                        .text())
                .contains("net::ERR_CONNECTION_REFUSED (by the session's route-");
        assertThat(refused("navigate", "{\"url\":\"" + site.url("/redirect-to?url=/two?blocked") + "\"}")
                        .text())
                .contains(rule);
        assertThat(site.served("two?blocked")).doesNotContain("/two?blocked");
    }

    /** A client is asked first, and the rules hold for what it lets go on. */
    @Test
    void rulesHoldForWhatAClientLetsGo() {
        CdpClient client =
                CdpClient.connect(api.get(session + "/cdp/json/version").json().getString("webSocketDebuggerUrl"));
        open(FETCHING);
        String page = client.attach(api.get(session).json().getString("activePageId", activePage()));
        JsonObject all =
                new JsonObject().put("patterns", new JsonArray().add(new JsonObject().put("urlPattern", "*/item*")));
        client.send("Fetch.enable", all, page);
        add("**/item?asked-*", "mock", "{\"body\":\"ruled\"}");
        script("window.first = ask('/item?asked-1'), window.second = ask('/item?asked-2'), 0");
        JsonObject let =
                client.event("Fetch.requestPaused", event -> event.encode().contains("asked-1"));
        JsonObject own =
                client.event("Fetch.requestPaused", event -> event.encode().contains("asked-2"));
        client.send("Fetch.continueRequest", id(let), page);
        client.send("Fetch.fulfillRequest", id(own).put("responseCode", 200).put("body", "b3du"), page);
        assertThat(script("first")).isEqualTo("ruled");
        assertThat(script("second")).isEqualTo("own");
        client.leave();
    }

    private String activePage() {
        return api.get(session + "/pages").list("pages").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getBoolean("active"))
                .findFirst()
                .orElseThrow()
                .getString("pageId");
    }

    private static JsonObject id(JsonObject event) {
        return new JsonObject().put("requestId", event.getJsonObject("params").getString("requestId"));
    }

    @Test
    void whatIsWrongIsRefused() {
        assertThat(api.delete(session + "/routes/route-999").status()).isEqualTo(404);
        assertThat(refused("routes", "{\"url\":\"a.b/*\",\"action\":\"block\"}")
                        .error()
                        .getString("message"))
                .startsWith("url must be a pattern for whole URLs");
        assertThat(refused("routes", "{\"url\":\"**\",\"action\":\"block\",\"status\":200}")
                        .status())
                .isEqualTo(400);
        for (int i = 0; i < 30; i++) {
            add("**/none", "block", "{}");
        }
        assertThat(refused("routes", "{\"url\":\"**\",\"action\":\"block\"}").status())
                .isEqualTo(429);
    }
}
