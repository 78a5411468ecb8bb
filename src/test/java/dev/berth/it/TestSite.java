package dev.berth.it;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * Serves every page that a test opens, as {@code 127.0.0.1} and as {@code localhost}, which are two sites for a
 * browser.
 */
final class TestSite {
    private static final Map<String, String> PAGES = Map.ofEntries(
            Map.entry("/plain", "<title>Plain</title><h1>Plain page</h1>"),
            Map.entry("/two", "<title>Two</title><p id=two>second page</p>"),
            Map.entry("/empty", ""),
            Map.entry("/noisy", """
                    <title>Noisy</title><script>
                    console.log('plain text');
                    console.debug('for %s: %d of %i', 'you', 1.5, 7.9, 'and more');
                    console.info({a: 1, b: 'two', c: [1, 2, 3], d: {e: 1}});
                    console.warn([1, 'x', null, undefined]);
                    console.error(new Error('told'));
                    console.log(new Map([['k', 1]]), new Set([2]), null, undefined, NaN, 10n, Symbol('s'), () => 1);
                    console.assert(1 === 2, 'sums');
                    setTimeout(() => { throw new TypeError('thrown later'); }, 1);
                    Promise.reject(new Error('nobody caught me'));
                    </script>"""),
            Map.entry("/broken", """
                    <title>Broken</title><img src=/missing.png><script>
                    fetch('/reset').catch(() => {});
                    fetch('http://127.0.0.1:1/closed').catch(() => {});
                    null.oops;
                    </script>"""),
            Map.entry("/worker", """
                    <title>Worker</title><script>
                    const w = new Worker('/worker.js'); w.onmessage = e => { document.title = e.data; };
                    </script>"""),
            Map.entry("/service", """
                    <title>Service</title><script>
                    navigator.serviceWorker.addEventListener('controllerchange', () =>
                      fetch('/made-by-worker').then(r => r.text()).then(t => { document.title = t; }));
                    navigator.serviceWorker.register('/service.js');
                    </script>"""),
            Map.entry("/cached", "<title>Cached</title><script src=/lib.js></script>"),
            Map.entry(
                    "/popup",
                    "<title>Opener</title><script>window.open('/two?popup', 'p', 'width=300,height=200')</script>"),
            Map.entry("/alert", "<title>Alert</title><script>alert('hello'); document.title = 'Answered'</script>"),
            Map.entry("/login", """
                    <title>Login</title><script>
                    fetch('/plain', {headers: {Authorization: 'Bearer s3cret', 'X-Api-Key': 's3cret'}});
                    </script>"""),
            Map.entry(
                    "/tall",
                    "<title>Tall</title><style>body{margin:0}</style><div style='height:3000px;background:linear-gradient(red,blue)'></div>"
                            + "<p id=foot style='margin:0;height:40px;width:200px;background:lime'></p>"));

    private static final Map<String, String> SCRIPTS = Map.of(
            "/worker.js",
            "console.log('in the worker'); fetch('/from-worker').then(() => postMessage('worked'));",
            "/service.js",
            """
            console.log('in the service worker');
            self.addEventListener('install', () => self.skipWaiting());
            self.addEventListener('activate', e => e.waitUntil(clients.claim()));
            self.addEventListener('fetch', e => {
              if (e.request.url.endsWith('/made-by-worker')) e.respondWith(new Response('served by worker'));
            });""",
            "/leaving-service.js",
            """
            self.addEventListener('install', () => self.skipWaiting());
            self.addEventListener('activate', e => e.waitUntil(clients.claim()));
            self.addEventListener('message', e => e.source.navigate(e.data).catch(() => {}));
            self.addEventListener('fetch', e => {
              const url = new URL(e.request.url);
              if (url.pathname == '/redirect-by-worker') e.respondWith(Response.redirect(url.searchParams.get('url')));
            });""",
            "/lib.js",
            "window.lib = 1;");

    private final HttpServer server;
    private final Map<String, String> own = new ConcurrentHashMap<>();
    private final Queue<String> served = new ConcurrentLinkedQueue<>();

    TestSite(Vertx vertx) throws InterruptedException, ExecutionException {
        server = vertx.createHttpServer()
                .requestHandler(request -> answer(vertx, request))
                .webSocketHandler(socket -> socket.textMessageHandler(text -> socket.writeTextMessage("echo " + text)))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.actualPort() + path;
    }

    /** The URL of the same page on another site. */
    String otherSiteUrl(String path) {
        return "http://localhost:" + server.actualPort() + path;
    }

    int port() {
        return server.actualPort();
    }

    /** The requests whose URL contains {@code part}, in order. */
    List<String> served(String part) {
        return served.stream().filter(uri -> uri.contains(part)).collect(Collectors.toList());
    }

    /** The URL of a page with this HTML. */
    String page(String html) {
        String path = "/own/" + own.size() + "-" + System.nanoTime();
        own.put(path, html);
        return url(path);
    }

    /** From now on, the page at a URL of {@link #page} has this HTML. */
    void change(String url, String html) {
        own.put(url.substring(url("").length()), html);
    }

    private void answer(Vertx vertx, HttpServerRequest request) {
        served.add(request.uri());
        String path = request.path();
        if (own.containsKey(path)) {
            html(request, own.get(path));
        } else if (PAGES.containsKey(path)) {
            html(request, PAGES.get(path));
        } else if (SCRIPTS.containsKey(path)) {
            script(request, SCRIPTS.get(path));
        } else {
            special(vertx, request, path);
        }
    }

    private void special(Vertx vertx, HttpServerRequest request, String path) {
        switch (path) {
            case "/redirect" -> redirect(request, "/redirect-again");
            case "/redirect-to" -> redirect(request, request.getParam("url"));
            case "/refresh-to" ->
                request.response()
                        .putHeader("Refresh", "0;url=" + request.getParam("url"))
                        .end();
            case "/redirect-again" -> redirect(request, "/plain");
            case "/slow" ->
                vertx.setTimer(
                        Long.parseLong(request.getParam("millis")), t -> html(request, "<title>Slow</title>slow"));
            case "/hangs" -> {} // never answered
            case "/unstored" ->
                request.response().putHeader("Cache-Control", "no-store").end("not to be kept");
            case "/nothing" -> request.response().setStatusCode(204).end();
            case "/reset" -> request.connection().close();
            case "/cut-off" ->
                request.response()
                        .putHeader("Content-Type", "text/html")
                        .putHeader("Content-Length", "2000")
                        .write("<title>Half</title><p>the first half</p>")
                        .onComplete(sent -> request.connection().close());
            case "/report.csv" ->
                request.response()
                        .putHeader("Content-Disposition", "attachment; filename*=UTF-8''j%C3%A4hrlich.csv")
                        .putHeader("Content-Type", "text/csv")
                        .end("a,b\n1,2\n");
            case "/endless.bin" ->
                request.response()
                        .putHeader("Content-Disposition", "attachment")
                        .putHeader("Content-Length", "1000000")
                        .write("begun".repeat(1_000));
            // The response never ends.
            case "/large.bin" ->
                request.response()
                        .putHeader("Content-Disposition", "attachment")
                        .setChunked(true)
                        .write(Buffer.buffer(new byte[Integer.parseInt(request.getParam("mib")) << 20]));
            case "/framed" ->
                html(
                        request,
                        "<title>Framed</title><script>console.log('outside')</script><iframe src='"
                                + otherSiteUrl("/inside") + "'></iframe>");
            case "/inside" -> html(request, "<script>console.log('inside'); fetch('/from-frame');</script>");
            case "/flood" ->
                html(
                        request,
                        "<title>Flood</title><script>for (let i = 0; i < " + request.getParam("lines")
                                + "; i++) console.log('line ' + i); document.title = 'Flooded';</script>");
            case "/many" ->
                html(
                        request,
                        "<title>Many</title><script>Promise.all([...Array(" + request.getParam("requests")
                                + ").keys()].map(i => fetch('/item?n=' + i))).then(() => document.title = 'Done')</script>");
            case "/dot.svg" ->
                request.response()
                        .putHeader("Content-Type", "image/svg+xml")
                        .end("<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>");
            case "/account" ->
                request.response()
                        .putHeader("Content-Type", "application/json")
                        .end("{\"name\":\"Ann\",\"access_token\":\"s3cret\"}");
            case "/text" ->
                request.response()
                        .putHeader("Content-Type", "text/plain")
                        .end("x".repeat(Integer.parseInt(request.getParam("bytes"))));
            case "/headers" -> headers(request);
            case "/item", "/from-worker", "/from-frame" -> request.response().end("ok");
            default -> request.response().setStatusCode(404).end("nothing here");
        }
    }

    private static void redirect(HttpServerRequest request, String to) {
        request.response().setStatusCode(302).putHeader("Location", to).end();
    }

    /** What came, as JSON. */
    private static void headers(HttpServerRequest request) {
        JsonObject came = new JsonObject();
        request.headers().forEach(header -> came.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        request.response()
                .putHeader("Access-Control-Allow-Origin", "*")
                .putHeader("Content-Type", "application/json")
                .end(came.encode());
    }

    private static void html(HttpServerRequest request, String body) {
        request.response().putHeader("Content-Type", "text/html; charset=utf-8").end("<!doctype html>" + body);
    }

    private static void script(HttpServerRequest request, String body) {
        request.response()
                .putHeader("Content-Type", "text/javascript")
                .putHeader("Cache-Control", "max-age=3600")
                .end(body);
    }
}
