package dev.berth.http.pages;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.http.request.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real sockets, because clients of Java tidy paths up. */
@ExtendWith(VertxExtension.class)
class DashboardTest {
    private final List<String> read = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;

    @BeforeEach
    void serve(Vertx vertx) throws Exception {
        Router router = Router.router(vertx);
        router.errorHandler(404, Problem::answer);
        router.route().failureHandler(Problem::answer);
        new Dashboard(
                        new StaticFiles(vertx, this::read),
                        Optional.of(URI.create("https://files.example:9000/bucket")),
                        new PageOrigin(request -> "https://public.example/berth", true))
                .mount(router);
        server = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    }

    private Buffer read(String name) {
        read.add(name);
        try (InputStream file = getClass().getClassLoader().getResourceAsStream(name)) {
            if (file == null) {
                throw new NoSuchFileException(name);
            }
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole answer, head and body. */
    private String get(String path, String... headers) throws IOException {
        try (Socket client = new Socket("127.0.0.1", server.actualPort())) {
            client.setSoTimeout(20_000);
            String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            client.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: berth.example:8080\r\nConnection: close\r\n" + more
                                    + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    private static String header(String answer, String name) {
        Matcher header = Pattern.compile("(?mid)^" + name + ": (.*?)\r$").matcher(answer);
        assertThat(header.find()).as(name).isTrue();
        return header.group(1);
    }

    @Test
    void thePageAllowsOnlyWhatItNeeds() throws Exception {
        String page = get("/ui/");
        assertThat(page).startsWith("HTTP/1.1 200 ").contains("<berth-app></berth-app>");
        assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(page, "Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src berth.example:8080/ui/ berth.example:8080/sdk/"
                        + " public.example/berth/ui/ public.example/berth/sdk/ 'sha256-")
                .contains(
                        "; style-src 'self';",
                        "connect-src 'self' ws://berth.example:8080 wss://berth.example:8080 ws://public.example wss://public.example https://files.example:9000;",
                        "img-src 'self' blob: data: https://files.example:9000;",
                        "media-src 'self' blob: https://files.example:9000;",
                        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(header(page, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ui/lib/lit/index.js", "/ui/lib/lit/directives/repeat.js", "/ui/lib/lit-html/lit-html.js",
                "/ui/lib/lit-element/lit-element.js", "/ui/lib/reactive-element/reactive-element.js",
                        "/ui/lib/uplot/uPlot.esm.js",
                "/ui/app.js", "/ui/pages/sessions.js"
            })
    void modulesAreScripts(String path) throws Exception {
        String module = get(path);
        assertThat(status(module)).isEqualTo(200);
        assertThat(header(module, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    }

    /** A browser tells of a name that is missing only when a person opens the page that needs it. */
    @Test
    void allThatModulesImportIsThere() throws Exception {
        List<String> left = new ArrayList<>(List.of("/ui/app.js"));
        List<String> seen = new ArrayList<>(left);
        while (!left.isEmpty()) {
            String path = left.remove(0);
            String module = get(path);
            assertThat(status(module)).as(seen.toString()).isEqualTo(200);
            Matcher names =
                    Pattern.compile("[\"'](\\.{1,2}/[a-z/.-]+\\.js)[\"']").matcher(module);
            while (names.find()) {
                String name = URI.create(path).resolve(names.group(1)).toString();
                if (!seen.contains(name)) {
                    seen.add(name);
                    left.add(name);
                }
            }
        }
        assertThat(seen).contains("/ui/pages/nodes.js", "/ui/pages/thumbnail.js");
    }

    @Test
    void whoHasTheFileDoesNotGetItAgain() throws Exception {
        String tag = header(get("/ui/app.js"), "ETag");
        String again = get("/ui/app.js", "If-None-Match: W/\"other\", " + tag);
        assertThat(status(again)).isEqualTo(304);
        assertThat(again).endsWith("\r\n\r\n");
        assertThat(status(get("/ui/app.js", "If-None-Match: \"other\""))).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ui/../../application.yaml",
                "/ui/%2e%2e/%2e%2e/openapi.yaml",
                "/ui/..%2f..%2fopenapi.yaml",
                "/ui/..%5copenapi.yaml",
                "/ui/%252e%252e/openapi.yaml",
                "/ui//openapi.yaml",
                "/ui/pages/../../../openapi.yaml",
                "/ui/lib/lit/../../../openapi.yaml",
                "/ui/lib/lit/..%2f..%2f..%2fx.js",
                "/ui/lib/lit/%2e%2e/x.js",
                "/ui/lib/none/index.js",
                "/ui/lib/lit/package.json",
                "/ui/lib/lit/LICENSE",
                "/ui/index.html",
                "/ui/app.js%00.css",
                "/ui/missing.js",
                "/ui/Dashboard.class",
                "/ui/.js"
            })
    void nothingElseIsServed(String path) throws Exception {
        assertThat(status(get(path))).as(path).isEqualTo(404);
        assertThat(read)
                .allSatisfy(name -> assertThat(name)
                        .matches("(dev/berth/web/ui/|META-INF/resources/webjars/)[^.%\\\\]+(\\.[a-z]+)*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/ui"})
    void theRootLeadsToIt(String path) throws Exception {
        String answer = get(path);
        assertThat(status(answer)).isEqualTo(302);
        assertThat(header(answer, "Location")).isEqualTo("ui/");
    }

    /** So that they lead to the right place behind a proxy that puts a path before all. */
    @Test
    void thePagesLinksAreRelative() throws Exception {
        assertThat(get("/ui/tasks"))
                .contains("src=\"./app.js\"", "href=\"../docs/api\"")
                .doesNotContain("\"/ui/");
        String deeper = get("/ui/session/b_1");
        assertThat(deeper).contains("src=\"../app.js\"", "\"lit\": \"../lib/lit/index.js\"", "href=\"../../docs/api\"");
        Matcher map = Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL)
                .matcher(deeper);
        assertThat(map.find()).isTrue();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(map.group(1).getBytes(StandardCharsets.UTF_8));
        assertThat(header(deeper, "Content-Security-Policy"))
                .contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
        assertThat(status(get("/ui/session/b_1/2/3"))).isEqualTo(404);
    }

    @Test
    void namesThatStrangersChooseAreNotKept() throws Exception {
        get("/ui/missing.js");
        get("/ui/missing.js");
        get("/ui/app.js");
        get("/ui/app.js");
        assertThat(read.stream().filter("dev/berth/web/ui/missing.js"::equals)).hasSize(2);
        assertThat(read.stream().filter("dev/berth/web/ui/app.js"::equals)).hasSize(1);
    }
}
