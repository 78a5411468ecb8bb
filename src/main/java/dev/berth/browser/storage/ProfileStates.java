package dev.berth.browser.storage;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.page.BerthWorld;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the cookies and the {@code sessionStorage} of a {@link ProfileState} in a running Chrome, and restores its cookies in another one. Lives
 * on the browser's context.
 */
final class ProfileStates {
    private static final Logger log = LoggerFactory.getLogger(ProfileStates.class);
    private static final int BATCH = 100;
    /** The sessionStorage of all pages is read and restored on the session's event loop, which a longer one would hold up. */
    private static final int MAX_TABS_CHARS = 2_000_000;

    private static final String TOO_LARGE = "too large";
    /** A page that is busy for longer keeps no sessionStorage. */
    private static final long PAGE_MILLIS = 1_000;

    /** Script that reads a page's {@code sessionStorage}. A page of an opaque origin, such as {@code data:}, has none to read. */
    private static final String READ_TAB = """
            Promise.resolve().then(() => JSON.stringify([location.origin, Object.entries(sessionStorage)]))
                .then(tab => tab.length > %d ? '%s' : tab).catch(() => '')""".formatted(MAX_TABS_CHARS, TOO_LARGE);

    private final CdpConnection connection;
    private final Pages pages;
    private final VisitedOrigins origins;
    private final BerthWorld world;

    ProfileStates(CdpConnection connection, Pages pages, VisitedOrigins origins) {
        this.connection = connection;
        this.pages = pages;
        this.origins = origins;
        this.world = new BerthWorld(connection);
    }

    /** Reads the state of the default browser context: the contexts that CDP clients make are not kept. */
    Future<ProfileState> read(Deadline deadline) {
        return StoredCookies.all(connection, deadline)
                .compose(cookies -> kept(deadline)
                        .compose(open -> tabs(open, deadline))
                        .map(tabs -> new ProfileState(cookies, tabs, origins.all())));
    }

    /** The pages of the default context, the active one first. */
    private Future<List<PageTarget>> kept(Deadline deadline) {
        JsonObject nothing = new JsonObject();
        Future<JsonObject> contexts =
                connection.send(CdpConnection.BROWSER, "Target.getBrowserContexts", nothing, deadline.left());
        Future<JsonObject> targets =
                connection.send(CdpConnection.BROWSER, "Target.getTargets", nothing, deadline.left());
        return Future.all(contexts, targets).map(both -> {
            JsonArray made = contexts.result().getJsonArray("browserContextIds");
            Set<String> foreign = objects(targets.result().getJsonArray("targetInfos")).stream()
                    .filter(target -> made.contains(target.getString("browserContextId", "")))
                    .map(target -> target.getString("targetId"))
                    .collect(Collectors.toSet());
            List<PageTarget> open = new ArrayList<>(pages.open());
            pages.active().ifPresent(active -> open.sort((a, b) -> Boolean.compare(b == active, a == active)));
            open.removeIf(page -> page.crashed() || foreign.contains(page.targetId()));
            return open;
        });
    }

    private static List<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }

    private Future<Map<String, JsonArray>> tabs(List<PageTarget> open, Deadline deadline) {
        Map<String, JsonArray> tabs = new LinkedHashMap<>();
        long[] chars = new long[1];
        Future<Void> read = Future.succeededFuture();
        for (PageTarget page : open) {
            read = read.compose(before -> tab(page, deadline)).compose(text -> {
                chars[0] += text.length();
                if (text.equals(TOO_LARGE) || chars[0] > MAX_TABS_CHARS) {
                    return Future.failedFuture(Failures.failed("the sessionStorage of its open pages has more than "
                            + MAX_TABS_CHARS + " characters in total"));
                }
                if (!text.isEmpty()) {
                    JsonArray tab = new JsonArray(text);
                    if (!tab.getJsonArray(1).isEmpty()) {
                        tabs.putIfAbsent(tab.getString(0), tab.getJsonArray(1));
                    }
                }
                return Future.succeededFuture();
            });
        }
        return read.map(tabs);
    }

    private Future<String> tab(PageTarget page, Deadline deadline) {
        Deadline soon = new Deadline(Math.min(PAGE_MILLIS, deadline.left()));
        return world.awaitAll(page, READ_TAB, soon::left, Failures.MAX_RESULT_BYTES)
                .map(answer -> answer.getJsonObject("result").getString("value", ""))
                .recover(e -> {
                    log.debug("the sessionStorage of a page is not kept: {}", e.getMessage());
                    return Future.succeededFuture("");
                });
    }

    /** Completes when all cookies are set that this Chrome takes; fails only where Chrome answers no more. */
    Future<Void> restore(JsonArray cookies, Deadline deadline) {
        List<JsonObject> all =
                objects(cookies).stream().map(ProfileStates::settable).toList();
        Future<?> restored = Future.succeededFuture();
        for (int from = 0; from < all.size(); from += BATCH) {
            List<JsonObject> batch = all.subList(from, Math.min(all.size(), from + BATCH));
            restored = restored.compose(before -> set(batch, deadline));
        }
        return restored.mapEmpty();
    }

    /** Chrome sets all cookies of a list or none: where Chrome refuses one, such as another version's, the others are set one by one. */
    private Future<?> set(List<JsonObject> cookies, Deadline deadline) {
        JsonObject params = new JsonObject().put("cookies", new JsonArray(cookies));
        Future<JsonObject> sent = connection.send(CdpConnection.BROWSER, "Storage.setCookies", params, deadline.left());
        return sent.recover(e -> {
            if (!(e instanceof CdpConnection.ChromeRefusal)) {
                return Future.failedFuture(e);
            }
            if (cookies.size() == 1) {
                log.debug("a cookie of a profile was refused: {}", e.getMessage());
                return Future.succeededFuture(new JsonObject());
            }
            return Future.all(cookies.stream()
                            .map(cookie -> set(List.of(cookie), deadline))
                            .toList())
                    .mapEmpty();
        });
    }

    /** Chrome tells fields of a cookie that it does not take: those are left out. */
    private static JsonObject settable(JsonObject cookie) {
        JsonObject copy = cookie.copy();
        List.of("size", "session", "partitionKeyOpaque").forEach(copy::remove);
        if (cookie.getBoolean("session", false)) {
            copy.remove("expires");
        }
        return copy;
    }
}
