package dev.berth.bench;

import dev.berth.bench.Site.Visit;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How much longer a first page takes in a session that begins with a saved profile. */
final class ProfileRows implements Measurement {
    private static final int WARM_UPS = 5;
    private static final int TIMES = 11;
    private static final String COOKIES = "document.cookie = 'login=1; Path=/; Max-Age=100000'";
    /** Random digits: 5 MiB in IndexedDB, some 3 in the profile. */
    private static final String FOLDERS = COOKIES + """
            ; new Promise((done, failed) => {
              const open = indexedDB.open('bench');
              open.onupgradeneeded = () => open.result.createObjectStore('parts');
              open.onsuccess = () => {
                const all = open.result.transaction('parts', 'readwrite');
                for (let i = 0; i < 80; i++) {
                  const part = Array.from(crypto.getRandomValues(new Uint32Array(8192)), n => String(n).padEnd(8, '0').slice(0, 8));
                  all.objectStore('parts').put(part.join(''), i);
                }
                all.oncomplete = () => done(1);
                all.onerror = failed;
              };
            })""";

    @Override
    public List<Row> run(Rig rig) throws Exception {
        save(rig, rig.cold.api, "folders", FOLDERS);
        save(rig, rig.warm.api, "cookies", COOKIES);
        for (int i = 0; i < WARM_UPS; i++) {
            create(rig, rig.cold.api, with("folders"));
            create(rig, rig.warm.api, with("cookies"));
        }
        return List.of(
                new Row(
                        "create → first page loaded, cold, with a profile",
                        "ms",
                        Pair.interleave(
                                TIMES,
                                () -> create(rig, rig.cold.api, with("folders")),
                                () -> create(rig, rig.cold.api, new JsonObject())),
                        Budget.ratioAtMost(1.5),
                        "A profile with 5 MiB in IndexedDB, by a server without a pool, against the same without a profile."),
                new Row(
                        "the same, cookies only, warm pool",
                        "ms",
                        Pair.interleave(
                                TIMES,
                                () -> create(rig, rig.warm.api, with("cookies")),
                                () -> create(rig, rig.cold.api, new JsonObject())),
                        Budget.ratioAtMost(0.75),
                        "A profile of cookies takes a warm Chrome; against a cold create without a profile."));
    }

    private static JsonObject with(String profile) {
        JsonObject copy = new JsonObject().put("name", profile).put("save", "never");
        return new JsonObject().put("options", new JsonObject().put("profile", copy));
    }

    private static void save(Rig rig, Api api, String profile, String script) throws Exception {
        Visit visit = rig.site.firstPage();
        JsonObject body = with(profile);
        body.getJsonObject("options").getJsonObject("profile").put("save", "always");
        Api.Session session = api.create(body.put("initialPrompt", visit.url)).join();
        visit.doneNanos();
        session.opened().evaluate(script).join();
        session.delete().join();
    }

    private static double create(Rig rig, Api api, JsonObject body) throws Exception {
        rig.settle();
        Visit visit = rig.site.firstPage();
        long begun = System.nanoTime();
        CompletableFuture<Api.Session> session = api.create(body.put("initialPrompt", visit.url));
        double millis = (visit.doneNanos() - begun) / 1e6;
        session.join().opened().delete().join();
        return millis;
    }
}
