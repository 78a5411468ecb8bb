package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a session may reach, as its options say, and what is told of the rest. The site has two names, which are two hosts. */
class EgressIT {
    private static final String USER = "ann-of-the-proxy";
    private static final String PASSWORD = "s3cret-of-the-proxy";
    /** The heads of requests that the proxy got. */
    private static final Queue<String> ASKED = new ConcurrentLinkedQueue<>();

    private static NetServer proxy;

    private final Api api = Berth.shared().api();
    private final TestSite site = Berth.shared().site;

    /** A proxy that every tunnel leads to the site through. */
    @BeforeAll
    static void start() throws Exception {
        proxy = Berth.shared()
                .vertx
                .createNetServer()
                .connectHandler(client -> client.handler(head -> tunnel(client, head.toString())))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() throws Exception {
        proxy.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static void tunnel(NetSocket client, String head) {
        ASKED.add(head);
        String login = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes());
        if (!head.contains("Proxy-Authorization: Basic " + login)) {
            client.end(Buffer.buffer("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
            return;
        }
        client.pause();
        String[] to = head.split(" ", 3)[1].split(":");
        Berth.shared()
                .vertx
                .createNetClient()
                .connect(Integer.parseInt(to[1]), to[0])
                .onSuccess(server -> {
                    client.write("HTTP/1.1 200 OK\r\n\r\n");
                    client.handler(server::write)
                            .closeHandler(gone -> server.close())
                            .resume();
                    server.handler(client::write).closeHandler(gone -> client.close());
                });
    }

    private String session(JsonObject options) {
        return api.newSession(new JsonObject().put("options", options));
    }

    private static JsonObject list(String name, String... hosts) {
        return new JsonObject().put(name, new JsonArray(List.of(hosts)));
    }

    private JsonObject request(String session, String part) {
        return requests(
                        api.await(
                                session + "/network",
                                answer -> requests(answer, part).findAny().isPresent()),
                        part)
                .findFirst()
                .orElseThrow();
    }

    private static Stream<JsonObject> requests(Api.Answer answer, String part) {
        return answer.list("requests").stream()
                .map(JsonObject.class::cast)
                .filter(request -> request.getString("url").contains(part));
    }

    private void fetch(String session, String url) {
        api.evaluate(session, "fetch('" + url + "', {mode: 'no-cors'}).then(() => 'came', e => String(e))");
    }

    private String refusedToGo(String session, String url) {
        Api.Answer refused = api.post(session + "/navigate", new JsonObject().put("url", url));
        assertThat(refused.status()).isEqualTo(422);
        return refused.error().getString("message");
    }

    @Test
    void whatIsBlockedIsToldAndAllElseIsAsBefore() {
        String session = session(list("blockedDomains", "localhost"));
        api.navigate(session, site.url("/plain"));
        assertThat(request(session, "/plain").getString("remoteAddress"))
                .isEqualTo(site.url("").replace("http://", ""));
        fetch(session, site.otherSiteUrl("/two?fetched"));
        JsonObject entry = request(session, "?fetched");
        assertThat(entry.getJsonObject("blocked").getString("rule")).isEqualTo("blockedDomains");
        assertThat(entry.getString("error")).startsWith("options.blockedDomains includes localhost:");
        api.evaluate(
                session,
                "new Promise(done => { new WebSocket('"
                        + site.otherSiteUrl("/socket").replace("http", "ws") + "').onerror = done; })");
        assertThat(request(session, "/socket").getJsonObject("blocked").getString("rule"))
                .isEqualTo("blockedDomains");
        assertThat(refusedToGo(session, site.otherSiteUrl("/two")))
                .startsWith("navigation failed: options.blockedDomains includes localhost:");
        assertThat(refusedToGo(session, site.url("/redirect-to?url=" + site.otherSiteUrl("/two"))))
                .startsWith("navigation failed: options.blockedDomains includes localhost:");
        api.navigate(session, site.url("/plain"));
        int postgres =
                Berth.shared().server.config().postgres().uri().orElseThrow().getPort();
        fetch(session, "http://127.0.0.1:" + postgres + "/");
        api.await(session + "/network", answer -> answer.text().contains("\"rule\":\"ownPort\""));
        assertThat(api.get(session + "/console").text())
                .contains("Failed to load resource: options.blockedDomains includes localhost");
        api.delete(session);
    }

    @Test
    void onlyWhatIsAllowedIsReached() {
        String session = session(list("allowedDomains", "127.0.0.1", "*.localhost"));
        api.navigate(session, site.url("/plain"));
        fetch(session, site.otherSiteUrl("/two?fetched"));
        assertThat(request(session, "?fetched").getString("error"))
                .startsWith("options.allowedDomains does not include localhost:");
        api.delete(session);
    }

    @Test
    void theListHoldsForTheFirstRequest() {
        JsonObject body = new JsonObject()
                .put("initialPrompt", site.url("/plain"))
                .put("options", list("allowedDomains", "*.localhost"));
        JsonObject created = api.post("/api/sessions?wait=running", body).json();
        assertThat(created.getString("navigationError")).contains("options.allowedDomains does not include 127.0.0.1");
        api.delete("/api/sessions/" + created.getString("sessionId"));
    }

    @Test
    void aProxyIsAskedWithCredentialsThatNobodySees() {
        String server = "http://127.0.0.1:" + proxy.actualPort();
        JsonObject through = new JsonObject()
                .put("server", server)
                .put("username", USER)
                .put("password", PASSWORD)
                .put("domains", new JsonArray().add("localhost"));
        JsonObject direct = new JsonObject().put("server", "none");
        String session = session(
                new JsonObject().put("proxy", new JsonArray().add(through).add(direct)));
        api.navigate(session, site.otherSiteUrl("/plain"));
        assertThat(ASKED).singleElement().asString().startsWith("CONNECT localhost:");
        assertThat(request(session, "/plain").containsKey("remoteAddress")).isFalse();
        api.navigate(session, site.url("/two"));
        assertThat(ASKED).hasSize(1);
        assertThat(api.get(session).json().getJsonObject("options").getJsonArray("proxy"))
                .isEqualTo(new JsonArray()
                        .add(through.copy().put("username", "redacted").put("password", "redacted"))
                        .add(direct));
        api.delete(session);
        for (String what : new String[] {"", "/actions", "/console", "/network"}) {
            assertThat(api.get(session + what).text()).doesNotContain(USER, PASSWORD);
        }
        assertThat(Berth.loggedWith(PASSWORD)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'blockAds':true} | options.blockAds needs a server with a block list",
                "{'allowedDomains':[]} | allowedDomains",
                "{'allowedDomains':['https://a.b']} | options.allowedDomains must have hosts such as",
                "{'blockedDomains':['a.b/c']} | options.blockedDomains must have hosts such as",
                "{'proxy':{'server':'ftp://a.b'}} | options.proxy.server must be",
                "{'proxy':{'server':'http://169.254.169.254:80'}} | options.proxy.server must be a server that Berth may reach",
                "{'proxy':[{'domains':['a.b']}]} | server",
            })
    void whatCannotBeHeldIsRefused(String options, String why) {
        Api.Answer refused =
                api.post("/api/sessions", new JsonObject().put("options", new JsonObject(options.replace('\'', '"'))));
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.text()).contains(why);
    }
}
