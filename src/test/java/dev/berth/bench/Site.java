package dev.berth.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The pages that are opened, and the clock of both sides: when a page asks for itself, and when it says that it is done. */
final class Site {
    private static final long PATIENCE_SECONDS = 60;
    private static final String FIRST = "<title>First</title><h1>First page</h1><script>onload = done</script>";
    private static final String LINES = """
            <title>Lines</title><script>
            for (let i = 0; i < %s; i++) console.log('line ' + i);
            done();
            </script>""";
    private static final String REQUESTS = """
            <title>Requests</title><script>
            const all = [...Array(%s).keys()];
            // Chrome itself refuses some where more than about 1,300 are under way.
            const wave = n => all.length ? Promise.all(all.splice(0, 500).map(i => fetch('/item?i=' + i))).then(wave) : done();
            wave();
            </script>""";

    private static final String RESOURCES = """
            <title>Resources</title><script>
            const get = i => fetch(`http://h${i %% %s}.localhost:${location.port}/item?i=${i}`, {mode: 'no-cors'});
            Promise.all([...Array(200).keys()].map(get)).then(done);
            </script>""";

    /** Reads all, and keeps nothing. */
    private static final String DOWNLOAD = """
            <title>Download</title><script>
            const read = r => r.read().then(part => part.done ? done() : read(r));
            fetch('/bytes?count=%s').then(r => read(r.body.getReader()));
            </script>""";

    /** Every frame differs from the one before, everywhere. */
    private static final String MOVING = """
            <title>Moving</title><style>body {margin: 0} canvas {width: 100vw; height: 100vh}</style><canvas id=c></canvas><script>
            const pen = c.getContext('2d');
            const draw = t => {
              pen.fillStyle = `hsl(${t / 20 % 360} 60% 50%)`;
              pen.fillRect(0, 0, 300, 150);
              pen.fillStyle = 'white';
              for (let i = 0; i < 20; i++) pen.fillRect((t / 10 + i * 37) % 300, i * 7, 20, 5);
              requestAnimationFrame(draw);
            };
            draw(0);
            </script>""";

    private static final String WORKING = """
            <title>Working</title><h1>At work</h1><ul id=list></ul><script>
            let turn = 0;
            setInterval(() => {
              for (let i = 0; i < 20; i++) fetch(`/item?i=${turn}-${i}`);
              for (let i = 0; i < 5; i++) console.log(`turn ${turn}, line ${i} of what an application may write`);
              list.innerHTML = `<li>turn ${turn++}`;
            }, 1000);
            </script>""";

    private static final String ACTING = """
            <title>Acting</title><body style="background: black"><script>
            let red = false;
            onmousedown = () => {
              red = !red;
              document.body.style.background = red ? 'red' : 'black';
            };
            </script>""";

    static final int HOSTS = 20;

    /** So much every 10 ms is 1 Gbit/s. */
    private static final int GIGABIT_BYTES = 1_250_000;

    private final Vertx vertx;
    private final HttpServer server;
    private final Map<String, Visit> visits = new ConcurrentHashMap<>();
    private final AtomicInteger lastVisit = new AtomicInteger();

    Site(Vertx vertx) {
        this.vertx = vertx;
        server = Rig.await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    }

    /** One page, opened once. */
    static final class Visit {
        final String url;
        private final CompletableFuture<Long> asked = new CompletableFuture<>();
        private final CompletableFuture<Long> done = new CompletableFuture<>();

        private Visit(String url) {
            this.url = url;
        }

        /** The {@link System#nanoTime} at which the page was asked for. */
        long askedNanos() throws Exception {
            return asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        /** The {@link System#nanoTime} at which the page said that it is done. */
        long doneNanos() throws Exception {
            return done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Done once it is loaded. */
    Visit firstPage() {
        return visit("/first", 0);
    }

    /** Done once it has written {@code count} console lines, in one go. */
    Visit lines(int count) {
        return visit("/lines", count);
    }

    /** Done once {@code count} requests, 500 at once, are answered. */
    Visit requests(int count) {
        return visit("/requests", count);
    }

    /** Done once 200 resources of so many hosts are there. */
    Visit resources(int hosts) {
        return visit("/resources", hosts);
    }

    /** Done once so many megabytes are there, sent at 1 Gbit/s. */
    Visit download(int megabytes) {
        return visit("/download", megabytes);
    }

    /** Never done: it moves for ever. */
    Visit moving() {
        return visit("/moving", 0);
    }

    /** Never done: each second, it makes 20 requests and writes 5 console lines. */
    Visit working() {
        return visit("/working", 0);
    }

    /** Never done: turns from black to red, and back, as soon as a button of the mouse is pressed. */
    Visit acting() {
        return visit("/acting", 0);
    }

    /** Done once it is loaded. */
    Visit still() {
        return firstPage();
    }

    private Visit visit(String path, int count) {
        String number = Integer.toString(lastVisit.incrementAndGet());
        Visit visit = new Visit("http://127.0.0.1:" + server.actualPort() + path + "?n=" + number + "&count=" + count);
        visits.put(number, visit);
        return visit;
    }

    private void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/first" -> page(request, FIRST);
            case "/moving" -> page(request, MOVING);
            case "/working" -> page(request, WORKING);
            case "/acting" -> page(request, ACTING);
            case "/lines" -> page(request, LINES.formatted(request.getParam("count")));
            case "/requests" -> page(request, REQUESTS.formatted(request.getParam("count")));
            case "/resources" -> page(request, RESOURCES.formatted(request.getParam("count")));
            case "/download" -> page(request, DOWNLOAD.formatted(request.getParam("count")));
            case "/bytes" -> bytes(request, Long.parseLong(request.getParam("count")) * 1_000_000);
            case "/item" -> request.response().end("ok");
            case "/done" -> {
                visits.get(request.getParam("n")).done.complete(System.nanoTime());
                request.response().end();
            }
            default -> request.response().setStatusCode(404).end();
        }
    }

    private void bytes(HttpServerRequest request, long bytes) {
        request.response().putHeader("Content-Length", Long.toString(bytes));
        Buffer part = Buffer.buffer(new byte[GIGABIT_BYTES]);
        long[] left = {bytes};
        vertx.setPeriodic(10, timer -> {
            if (left[0] == 0) {
                vertx.cancelTimer(timer);
                request.response().end();
            } else if (!request.response().writeQueueFull()) {
                int now = (int) Math.min(left[0], GIGABIT_BYTES);
                left[0] -= now;
                request.response().write(part.slice(0, now));
            }
        });
    }

    private void page(HttpServerRequest request, String html) {
        String number = request.getParam("n");
        visits.get(number).asked.complete(System.nanoTime());
        request.response()
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .end("<!doctype html><script>const done = () => fetch('/done?n=" + number + "')</script>" + html);
    }
}
