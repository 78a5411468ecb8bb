package dev.berth.http.pages;

import dev.berth.http.request.Answers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The dashboard at {@code /ui/}: one page, whose script shows what the path names, its modules, and the libraries that these
 * import. All of it comes from the class path, and is the same for all: who may see what is decided by the API that it calls.
 */
public final class Dashboard {
    private static final String PATH = "/ui/";
    private static final String LIBRARY = PATH + "lib/";
    private static final String FOLDER = "dev/berth/web/ui/";
    private static final String PAGE = "index.html";
    /** The most slashes in the address of a page below {@code /ui/}, such as {@code session/<id>/}. */
    private static final int MAX_DEPTH = 2;

    private static final String NPM = "org.webjars.npm";
    /** The libraries, by the names that the import map of the page has for them. */
    private static final Map<String, Webjar> LIBRARIES = Map.of(
            "lit", new Webjar(NPM, "lit"),
            "lit-html", new Webjar(NPM, "lit-html"),
            "lit-element", new Webjar(NPM, "lit-element"),
            "reactive-element", new Webjar(NPM, "lit__reactive-element"),
            "uplot", new Webjar(NPM, "uplot", "dist/"));
    /** Names of a library's files; none leads out of its folder. */
    private static final Pattern FILE =
            Pattern.compile("[A-Za-z0-9-]+(?:/[A-Za-z0-9-]+)*(?:\\.[a-z]+)?\\.(?:js|css|svg)");

    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);
    private static final String POLICY = "default-src 'none'; script-src %4$s %1$s; style-src 'self'; "
            + "img-src 'self' blob: data:%3$s; media-src 'self' blob:%3$s; connect-src 'self' %2$s%3$s; frame-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final StaticFiles files;
    private final String storeOrigin;
    private final PageOrigin origin;
    private final Future<Pages> pages;

    /** @param importMaps the hashes of their import maps, for the policy */
    private record Pages(List<StaticFile> byDepth, String importMaps) {
        static Pages of(StaticFile page) {
            List<StaticFile> pages = IntStream.rangeClosed(0, MAX_DEPTH)
                    .mapToObj(depth -> at(depth, page))
                    .toList();
            return new Pages(
                    pages, pages.stream().map(Dashboard::hashOfImportMap).collect(Collectors.joining(" ")));
        }
    }

    /**
     * @param store where links to artifacts lead, where that is not this server
     */
    public Dashboard(StaticFiles files, Optional<URI> store, PageOrigin origin) {
        this.files = files;
        this.origin = origin;
        this.storeOrigin = store.map(url -> " " + url.getScheme() + "://" + url.getRawAuthority())
                .orElse("");
        this.pages = files.load(FOLDER + PAGE).map(Pages::of);
    }

    public void mount(Router router) {
        router.get("/").handler(Dashboard::lead);
        // As a path it would match /ui/ too, and lead in circles.
        router.getWithRegex("/ui").handler(Dashboard::lead);
        router.get(LIBRARY + ":library/*").handler(this::library);
        router.get(PATH + "*").handler(this::file);
    }

    /** By a relative link: it leads to the right place behind a proxy that puts a path before all. */
    private static void lead(RoutingContext ctx) {
        ctx.response().setStatusCode(302).putHeader("Location", "ui/").end();
    }

    private void library(RoutingContext ctx) {
        String library = ctx.pathParam("library");
        String name = rest(ctx, LIBRARY + library + "/");
        if (LIBRARIES.containsKey(library) && FILE.matcher(name).matches()) {
            send(ctx, files.load(LIBRARIES.get(library), name));
        } else {
            ctx.fail(StaticFiles.missing());
        }
    }

    /** A module, or else the page: whatever else the path is, the page's script judges it. */
    private void file(RoutingContext ctx) {
        String name = rest(ctx, PATH);
        if (name.lastIndexOf('.') <= name.lastIndexOf('/')) {
            page(ctx, (int) name.chars().filter(at -> at == '/').count());
        } else if (FILE.matcher(name).matches()) {
            send(ctx, files.load(FOLDER + name));
        } else {
            ctx.fail(StaticFiles.missing());
        }
    }

    private static String rest(RoutingContext ctx, String before) {
        String path = ctx.normalizedPath();
        return path.startsWith(before) ? path.substring(before.length()) : "";
    }

    private void page(RoutingContext ctx, int depth) {
        if (depth > MAX_DEPTH) {
            ctx.fail(StaticFiles.missing());
        } else {
            Answers.respond(ctx, pages, all -> send(ctx, all.byDepth().get(depth), all));
        }
    }

    private void send(RoutingContext ctx, Future<StaticFile> file) {
        Answers.respond(ctx, Future.all(file, pages), both -> send(ctx, both.resultAt(0), both.resultAt(1)));
    }

    private void send(RoutingContext ctx, StaticFile file, Pages all) {
        ctx.response().putHeader("Cross-Origin-Opener-Policy", "same-origin");
        file.send(ctx, POLICY.formatted(all.importMaps(), origin.sockets(ctx), storeOrigin, origin.scripts(ctx, PATH)));
    }

    /** The page for paths with so many slashes after {@code /ui/}: all of its links are relative, as a proxy may put a path before them. */
    private static StaticFile at(int depth, StaticFile page) {
        String up = "\"" + "../".repeat(depth);
        String text = page.bytes().toString();
        return depth == 0
                ? page
                : StaticFile.of(
                        PAGE, Buffer.buffer(text.replace("\"../", up + "../").replace("\"./", up)));
    }

    private static String hashOfImportMap(StaticFile page) {
        Matcher map = IMPORT_MAP.matcher(page.bytes().toString());
        if (!map.find()) {
            throw new IllegalStateException(PAGE + " has no import map");
        }
        return "'sha256-" + Base64.getEncoder().encodeToString(sha256(map.group(1))) + "'";
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
