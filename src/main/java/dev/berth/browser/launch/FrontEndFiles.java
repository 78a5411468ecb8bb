package dev.berth.browser.launch;

import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.browser.FrontEnd;
import dev.berth.browser.process.ChromeProcess;
import dev.berth.browser.process.Profiles;
import dev.berth.browser.process.SecludedServer;
import dev.berth.loop.LoopPromise;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Takes the front end from a Chrome that is started for that alone: only a Chrome with a debugging port gives the files
 * (content/browser/devtools/devtools_http_handler.cc), and sessions have none. Chrome lists no names: each file names those that it loads.
 */
final class FrontEndFiles implements FrontEnd {
    private static final long TIMEOUT_SECONDS = 30;
    private static final int CONNECTIONS = 8;
    private static final String ROOT = "/devtools/";
    /** The texts of DevTools, whose name the front end puts together of its parts. */
    private static final String TEXTS = "core/i18n/locales/en-US.json";

    private static final Pattern NAMED =
            Pattern.compile("[\"'`(]([A-Za-z0-9_./@-]{1,200}\\.(?:js|css|svg|png|avif|json|html))[\"'`)]");
    private static final Pattern NAMING = Pattern.compile(".*\\.(?:js|css|html)");

    private final Vertx vertx;
    private final ChromeStarter chromes;
    private final SecludedStarter servers;

    FrontEndFiles(Vertx vertx, ChromeStarter chromes, SecludedStarter servers) {
        this.vertx = vertx;
        this.chromes = chromes;
        this.servers = servers;
    }

    @Override
    public Future<Map<String, Buffer>> files() {
        return servers.blocking(() -> {
                    chromes.requireSeclusion();
                    return chromes.secludedServer("f-");
                })
                .compose(server -> servers.start("Chrome", server, () -> program(server))
                        .compose(process -> taken(server, process)));
    }

    /** A Chrome that shows an empty page, and has no network: nothing needs its sandbox. */
    private List<String> program(SecludedServer server) {
        return List.of(
                chromes.executable().toString(),
                "--user-data-dir=" + Profiles.profile(server.home()),
                "--headless",
                "--no-sandbox",
                "--no-first-run",
                "--disable-gpu",
                "--disable-breakpad",
                "--remote-debugging-port=" + SecludedServer.PORT,
                "about:blank");
    }

    private Future<Map<String, Buffer>> taken(SecludedServer server, ChromeProcess process) {
        HttpClientAgent http = vertx.createHttpClient(
                new HttpClientOptions(),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(CONNECTIONS));
        return new Walk(http, SocketAddress.domainSocketAddress(server.http().toString()))
                .begin()
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .eventually(() -> http.close().transform(closed -> servers.remove(process)));
    }

    /** Follows the names, some files at once. On the context on which it begins. */
    private final class Walk {
        private final HttpClientAgent http;
        private final SocketAddress server;
        private final Promise<Map<String, Buffer>> done = LoopPromise.here(vertx);
        private final Map<String, Buffer> files = new TreeMap<>();
        private final Set<String> known = new HashSet<>();
        private final Deque<String> waiting = new ArrayDeque<>();
        private int underWay;

        Walk(HttpClientAgent http, SocketAddress server) {
            this.http = http;
            this.server = server;
        }

        Future<Map<String, Buffer>> begin() {
            add(Set.of(PAGE, TEXTS));
            return done.future();
        }

        private void add(Set<String> names) {
            names.stream().filter(known::add).forEach(waiting::add);
            while (underWay < CONNECTIONS && !waiting.isEmpty()) {
                underWay++;
                String name = waiting.remove();
                load(name)
                        .onSuccess(file -> {
                            underWay--;
                            // Chrome answers for a file that it does not have, too, such as an example in a text.
                            if (file.bytes().length() > 0) {
                                files.put(name, file.packed());
                            }
                            add(file.names());
                        })
                        .onFailure(done::tryFail);
            }
            if (underWay == 0 && waiting.isEmpty()) {
                finish();
            }
        }

        private void finish() {
            if (files.containsKey(PAGE)) {
                done.tryComplete(files);
            } else {
                done.tryFail(new LaunchException("this Chrome has no files of DevTools: " + chromes.executable()));
            }
        }

        private Future<TakenFile> load(String name) {
            RequestOptions request = new RequestOptions()
                    .setServer(server)
                    .setHost("localhost")
                    .setMethod(HttpMethod.GET)
                    .setURI(ROOT + name);
            return http.request(request)
                    .compose(asked -> asked.send().compose(answer -> answer.body()))
                    .compose(bytes -> vertx.executeBlocking(() -> TakenFile.of(name, bytes), false));
        }
    }

    /** @param names of the files that it loads */
    private record TakenFile(Buffer bytes, Buffer packed, Set<String> names) {
        static TakenFile of(String name, Buffer bytes) throws IOException {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
                out.write(bytes.getBytes());
            }
            Set<String> names = new HashSet<>();
            if (NAMING.matcher(name).matches()) {
                Matcher named = NAMED.matcher(bytes.toString(StandardCharsets.ISO_8859_1));
                while (named.find()) {
                    String path =
                            URI.create(ROOT + name).resolve(named.group(1)).getPath();
                    if (path.startsWith(ROOT)) {
                        names.add(path.substring(ROOT.length()));
                    }
                }
            }
            return new TakenFile(bytes, Buffer.buffer(packed.toByteArray()), names);
        }
    }
}
