package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What sites have stored, out of one session and into another; {@code src/test/clients/storage.mjs} tries the same with Playwright. */
class StorageStateIT extends InOwnSession {
    private static final List<String> EVENTS =
            List.of("targetCreated", "targetInfoChanged", "attachedToTarget", "targetDestroyed", "detachedFromTarget");

    private static final String STORE = """
            (async () => {
              localStorage.setItem('token', 's3cret');
              localStorage.setItem('odd é', '"\\u0000');
              document.cookie = 'plain=1; path=/';
              document.cookie = 'lasting=2; path=/; max-age=100000; samesite=strict';
              const opening = indexedDB.open('app', 7);
              opening.onupgradeneeded = () => {
                const own = opening.result.createObjectStore('own', {keyPath: 'id', autoIncrement: true});
                own.createIndex('byName', ['a', 'b'], {unique: true, multiEntry: false});
                opening.result.createObjectStore('kinds');
              };
              const db = await new Promise(done => { opening.onsuccess = () => done(opening.result); });
              const writing = db.transaction(['own', 'kinds'], 'readwrite');
              writing.objectStore('own').add({a: 1, b: 'x', deep: [{c: null}]});
              const kinds = writing.objectStore('kinds');
              const round = {name: 'round'};
              round.self = round;
              kinds.add({date: new Date(5), map: new Map([['k', new Set([1n])]]), bytes: new Uint8Array([1, 2]), nan: NaN, no: undefined, re: /x/g}, 'many');
              kinds.add(round, new Date(9));
              kinds.add('by bytes', new Uint8Array([7]));
              kinds.add(new Blob(['no JSON']), 'file');
              await new Promise(done => { writing.oncomplete = done; });
              db.close();
              return 'stored';
            })()""";

    private static final String READ = """
            (async () => {
              const opening = indexedDB.open('app');
              const db = await new Promise(done => { opening.onsuccess = () => done(opening.result); });
              const get = (store, key) => new Promise(done => { const r = db.transaction(store).objectStore(store).get(key); r.onsuccess = () => done(r.result); });
              const many = await get('kinds', 'many'), round = await get('kinds', new Date(9));
              const own = db.transaction('own').objectStore('own'), index = [...own.index('byName').keyPath], numbers = own.autoIncrement;
              return JSON.stringify([db.version, await get('own', 1), index, numbers, many.date.getTime(),
                many.map.get('k').has(1n), [...many.bytes], many.bytes.constructor.name, Object.is(many.nan, NaN), 'no' in many, String(many.re),
                round.self === round, await get('kinds', new Uint8Array([7])), await get('kinds', 'file') === undefined,
                localStorage.getItem('odd é'), document.cookie]);
            })()""";

    private static final String STORED =
            "[7,{\"a\":1,\"b\":\"x\",\"deep\":[{\"c\":null}],\"id\":1},[\"a\",\"b\"],true,5,true,[1,2],"
                    + "\"Uint8Array\",true,true,\"/x/g\",true,\"by bytes\",true,\"\\\"\\u0000\",\"plain=1; lasting=2\"]";

    private JsonObject state() {
        Api.Answer answer = api.get(session + "/storage-state?indexedDB=true");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static JsonObject origin(JsonObject state, String url) {
        return state.getJsonArray("origins").stream()
                .map(JsonObject.class::cast)
                .filter(each -> url.startsWith(each.getString("origin") + "/"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatOneSessionStoredAnotherBeginsWith() {
        api.navigate(session, site.otherSiteUrl("/plain"));
        script("localStorage.setItem('elsewhere', '1')");
        api.navigate(session, site.url("/plain"));
        assertThat(script(STORE)).isEqualTo("stored");
        JsonObject state = state();
        assertThat(state.fieldNames()).containsExactly("cookies", "origins");
        assertThat(origin(state, site.otherSiteUrl("/")).getJsonArray("localStorage"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject().put("name", "elsewhere").put("value", "1")));
        assertThat(lastAction().getString("type")).isEqualTo("storage-state");
        assertThat(lastAction().getJsonObject("details"))
                .isEqualTo(new JsonObject()
                        .put("indexedDB", true)
                        .put("cookies", 2)
                        .put("origins", 2)
                        .put("leftOut", 1));
        end();

        String titled = site.page("<script>document.title = localStorage.token + ' ' + document.cookie</script>");
        Api.Answer created = api.post(
                "/api/sessions?wait=running",
                new JsonObject()
                        .put("initialPrompt", titled)
                        .put("options", new JsonObject().put("storageState", state)));
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        session = "/api/sessions/" + created.json().getString("sessionId");
        JsonObject view = api.await(
                        session, answer -> answer.json().getString("title").equals("s3cret plain=1; lasting=2"))
                .json();
        assertThat(view.encode()).doesNotContain("s3cret\"").doesNotContain("elsewhere");
        assertThat(view.getJsonArray("navigations")).hasSize(1);
        assertThat(api.get(session + "/pages").list("pages")).hasSize(1);
        assertThat(script(READ)).isEqualTo(STORED);
        // Those that it began with are read again, though no frame of it has been there.
        assertThat(origin(state(), site.otherSiteUrl("/"))).isEqualTo(origin(state, site.otherSiteUrl("/")));
        assertThat(origin(state(), site.url("/")).encode())
                .isEqualTo(origin(state, site.url("/")).encode());
    }

    @Test
    void aRunningSessionGetsAnotherStateWhilePagesAreOpen() {
        api.navigate(session, site.url("/plain"));
        assertThat(script(STORE)).isEqualTo("stored");
        JsonObject state = state();
        script("""
                (async () => {
                  localStorage.setItem('more', '1');
                  addEventListener('storage', () => { window.told = true; });
                  const opening = indexedDB.open('app');
                  window.db = await new Promise(done => { opening.onsuccess = () => done(opening.result); });
                  await new Promise(done => { db.transaction('own', 'readwrite').objectStore('own').clear().onsuccess = done; });
                })()""");
        Api.Answer set = api.put(session + "/storage-state", state);
        assertThat(set.text()).isEqualTo("{\"success\":true,\"cookies\":2,\"origins\":1}");
        assertThat(script(READ)).isEqualTo(STORED);
        assertThat(script("[localStorage.length, window.told]"))
                .isEqualTo(new JsonArray().add(2).add(true));
        assertThat(lastAction("set-storage-state").getJsonObject("details"))
                .isEqualTo(new JsonObject().put("cookies", 2).put("origins", 1));
        assertThat(api.get(session + "/actions?limit=1000").text()).doesNotContain("s3cret\"");

        JsonObject wrong = state.copy();
        wrong.getJsonArray("origins").getJsonObject(0).put("origin", "ftp://a.b");
        Api.Answer refused = api.put(session + "/storage-state", wrong);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("message")).startsWith("origins.0.origin must be http or https");
        Api.Answer create =
                api.post("/api/sessions", new JsonObject().put("options", new JsonObject().put("storageState", wrong)));
        assertThat(create.status()).isEqualTo(400);
        assertThat(create.error().getString("message"))
                .startsWith("options.storageState.origins.0.origin must be http or https");
        JsonObject insecure = state.copy();
        insecure.getJsonArray("cookies").getJsonObject(1).put("name", "__Secure-x");
        Api.Answer taken = api.put(session + "/storage-state", insecure);
        assertThat(taken.status()).isEqualTo(422);
        assertThat(taken.error().getString("message"))
                .startsWith("Chrome rejected the cookie cookies.1 of 127.0.0.1: ");
        JsonObject broken = new JsonObject()
                .put("cookies", new JsonArray())
                .put(
                        "origins",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("origin", "https://nowhere.example")
                                        .put("localStorage", new JsonArray())
                                        .put("indexedDB", new JsonArray().add(new JsonObject().put("name", "x")))));
        Api.Answer failed = api.put(session + "/storage-state", broken);
        assertThat(failed.status()).isEqualTo(422);
        assertThat(failed.error().getString("message"))
                .isEqualTo(
                        "the storage of https://nowhere.example could not be set: Error: a database must have a name, a version and stores");
    }

    /** Neither clients, however they discover targets, nor logs; and pages of a service worker's own do not see its requests. */
    @Test
    void nobodySeesThePageThatReadsStorage() {
        api.navigate(session, site.url("/service"));
        api.await(session, answer -> answer.json().getString("title").equals("served by worker"));
        script("localStorage.setItem('token', '1')");
        String connectUrl = api.get(session).json().getString("connectUrl");
        CdpClient pages = CdpClient.connect(connectUrl);
        JsonObject attach = new JsonObject()
                .put("autoAttach", true)
                .put("waitForDebuggerOnStart", true)
                .put("flatten", true);
        pages.send("Target.setDiscoverTargets", new JsonObject().put("discover", true), "");
        pages.send("Target.setAutoAttach", attach, "");
        CdpClient tabs = CdpClient.connect(connectUrl);
        JsonArray all = new JsonArray().add(new JsonObject());
        tabs.send(
                "Target.setDiscoverTargets",
                new JsonObject().put("discover", true).put("filter", all),
                "");
        tabs.send(
                "Target.setAutoAttach",
                attach.copy()
                        .put(
                                "filter",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("type", "page")
                                                .put("exclude", true))
                                        .add(new JsonObject())),
                "");
        Set<String> before = targets(pages, tabs);
        int requests = api.get(session + "/network?limit=1000").list("requests").size();
        for (int i = 0; i < 3; i++) {
            assertThat(origin(state(), site.url("/")).getJsonArray("localStorage"))
                    .hasSize(1);
        }
        assertThat(targets(pages, tabs)).isEqualTo(before);
        for (CdpClient client : List.of(pages, tabs)) {
            // A round trip, after which all that came before it is here.
            assertThat(client
                            .send("Target.getTargets", new JsonObject().put("filter", all), "")
                            .getJsonArray("targetInfos")
                            .stream()
                            .filter(info ->
                                    ((JsonObject) info).getString("type").equals("page")))
                    .hasSize(1);
        }
        assertThat(targets(pages, tabs)).isEqualTo(before);
        assertThat(api.get(session + "/network?limit=1000").list("requests")).hasSize(requests);
        assertThat(api.get(session).json().getJsonArray("navigations")).hasSize(1);
        assertThat(site.served("/").stream().filter("/"::equals)).isEmpty();
        pages.leave();
        tabs.leave();
    }

    /** Those that Chrome has told the clients of. */
    private static Set<String> targets(CdpClient... clients) {
        return Stream.of(clients)
                .flatMap(client -> EVENTS.stream().flatMap(event -> client.events("Target." + event).stream()))
                .map(event -> event.getJsonObject("params"))
                .map(params -> params.getJsonObject("targetInfo", params).getString("targetId"))
                .collect(Collectors.toSet());
    }
}
