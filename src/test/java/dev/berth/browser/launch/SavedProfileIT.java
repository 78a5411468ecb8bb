package dev.berth.browser.launch;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.SavedProfile;
import dev.berth.fake.FakeListener;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What sites have stored in one real Chrome is there in the next one that begins with its profile. */
class SavedProfileIT {
    /** Logs in by all that a browser stores; {@code found} tells which of it is there before the page's own scripts do anything. */
    private static final String PAGE = """
            <title>Site</title><script>
            const found = [];
            const early = sessionStorage.getItem('tab');
            if (early) found.push('sessionStorage ' + early);
            if (localStorage.getItem('local')) found.push('localStorage ' + localStorage.getItem('local'));
            const database = new Promise((done, failed) => {
              const open = indexedDB.open('db');
              open.onupgradeneeded = () => open.result.createObjectStore('keys');
              open.onsuccess = () => done(open.result);
              open.onerror = failed;
            });
            const asked = request => new Promise((done, failed) => {
              request.onsuccess = () => done(request.result);
              request.onerror = failed;
            });
            const text = new TextEncoder().encode('signed');
            const sign = key => crypto.subtle.sign('HMAC', key, text).then(bytes => new Uint8Array(bytes).join());
            async function logIn() {
              document.cookie = 'script=1';
              document.cookie = 'lasting=1; Max-Age=100000';
              sessionStorage.setItem('tab', 'in');
              localStorage.setItem('local', 'in');
              const key = await crypto.subtle.generateKey({name: 'HMAC', hash: 'SHA-256'}, false, ['sign']);
              const db = await database;
              await asked(db.transaction('keys', 'readwrite').objectStore('keys').put(key, 'key'));
              localStorage.setItem('signature', await sign(key));
              await navigator.serviceWorker.register('/worker.js');
              const worker = (await navigator.serviceWorker.ready).active;
              await (await caches.open('kept')).put('/kept', new Response('from the cache'));
              return 'in';
            }
            async function look() {
              const db = await database;
              const key = await asked(db.transaction('keys').objectStore('keys').get('key'));
              if (key && !key.extractable && await sign(key) === localStorage.getItem('signature')) found.push('key');
              if (await navigator.serviceWorker.getRegistration()) found.push('worker');
              const kept = await caches.match('/kept');
              if (kept) found.push(await kept.text());
              return found.join(', ') + '; ' + (await (await fetch('/cookies')).text()).split('; ').sort();
            }
            </script>""";

    private static Vertx vertx;
    private static HttpServer site;

    @BeforeAll
    static void serve() throws Exception {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        site = await(
                vertx.createHttpServer().requestHandler(SavedProfileIT::answer).listen(0, "127.0.0.1"));
    }

    private static void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/cookies" ->
                request.response().end(request.getHeader("Cookie") == null ? "" : request.getHeader("Cookie"));
            case "/worker.js" ->
                request.response()
                        .putHeader("Content-Type", "text/javascript")
                        .end("addEventListener('fetch', e => e.request.url.endsWith('/offline')"
                                + " && e.respondWith(new Response('by the worker')))");
            default ->
                request.response()
                        .putHeader("Content-Type", "text/html")
                        .putHeader("Set-Cookie", "server=1; HttpOnly")
                        .end(PAGE);
        }
    }

    @AfterAll
    static void end() throws Exception {
        await(site.close());
        await(vertx.close());
    }

    private static String url() {
        return "http://localhost:" + site.actualPort() + "/";
    }

    /** In memory. */
    private static final class Kept implements SavedProfile.Destination {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public OutputStream open() {
            return bytes;
        }

        SavedProfile saved(SavedProfile.Contents contents) {
            return SavedProfileIT.saved(bytes.toByteArray(), contents.folders());
        }
    }

    private static SavedProfile saved(byte[] bytes, boolean folders) {
        return new SavedProfile() {
            @Override
            public boolean hasFolders() {
                return folders;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }
        };
    }

    /** What the next browser begins with. */
    private static SavedProfile save(LaunchedChrome chrome) throws Exception {
        Kept kept = new Kept();
        return kept.saved(await(chrome.on(() -> chrome.browser().saveProfile(kept))));
    }

    @Test
    void allThatSitesStoreIsThereAgainAndAgain() throws Exception {
        Promise<String> gone = Promise.promise();
        SavedProfile profile;
        try (LaunchedChrome first = new LaunchedChrome(vertx, new FakeListener() {
            @Override
            public void browserGone(String detail) {
                gone.tryComplete(detail);
            }
        })) {
            first.open(url());
            assertThat(first.evaluate("logIn()")).isEqualTo("\"in\"");
            profile = save(first);
            assertThat(profile.hasFolders()).isTrue();
        }
        assertThat(gone.future().isComplete()).isFalse();
        for (int next = 0; next < 2; next++) {
            try (LaunchedChrome later = new LaunchedChrome(vertx, new FakeListener(), Optional.of(profile))) {
                later.open(url());
                assertThat(later.evaluate("look()"))
                        .isEqualTo("\"sessionStorage in, localStorage in, key, worker, from the cache;"
                                + " lasting=1,script=1,server=1\"");
                assertThat(later.evaluate("fetch('/offline').then(r => r.text())"))
                        .isEqualTo("\"by the worker\"");
                assertThat(later.evaluate("sessionStorage.clear()")).isEqualTo("null");
                later.open(url());
                assertThat(later.evaluate("early")).isEqualTo("null");
                later.evaluate("sessionStorage.setItem('tab', 'in')");
                profile = save(later);
            }
        }
    }

    @Test
    void cookiesAloneNeedNoFolders() throws Exception {
        SavedProfile profile;
        try (LaunchedChrome first = new LaunchedChrome(vertx, new FakeListener())) {
            first.open("http://localhost:" + site.actualPort() + "/cookies");
            first.evaluate("document.cookie = 'a=1; Path=/'");
            profile = save(first);
            assertThat(profile.hasFolders()).isFalse();
        }
        try (LaunchedChrome later = new LaunchedChrome(vertx, new FakeListener(), Optional.of(profile))) {
            later.open("http://localhost:" + site.actualPort() + "/cookies");
            assertThat(later.evaluate("document.body.innerText")).isEqualTo("\"a=1\"");
            later.evaluate("sessionStorage.setItem('large', 'x'.repeat(2_000_000))");
            assertThatThrownBy(() -> save(later)).hasMessageContaining("more than 2000000 characters");
        }
    }

    @Test
    void aChromeThatCrashesSavesNothing() throws Exception {
        Kept kept = new Kept();
        try (LaunchedChrome chrome = new LaunchedChrome(vertx, new FakeListener())) {
            long pid = chrome.browser().pid();
            assertThatThrownBy(() -> await(chrome.on(() -> {
                        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
                        return chrome.browser().saveProfile(kept);
                    })))
                    .isNotNull();
            assertThat(kept.bytes.size()).isZero();
        }
    }

    @Test
    void aProfileThatLeavesTheFolderOfItsChromeIsRefused() throws Exception {
        for (String name : List.of("../../evil", "Default/IndexedDB/../../../evil", "Default/Cookies", "/tmp/evil")) {
            assertThatThrownBy(() -> new LaunchedChrome(
                            vertx, new FakeListener(), Optional.of(saved(zip("state.json", name), true))))
                    .hasMessageContaining("its profile could not be read");
        }
        assertThatThrownBy(() -> new LaunchedChrome(
                        vertx, new FakeListener(), Optional.of(saved("no zip".getBytes(StandardCharsets.UTF_8), true))))
                .hasMessageContaining("its profile could not be read");
    }

    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write("{}".getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
