package dev.berth.browser.storage;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.cdp.ScriptedChrome;
import dev.berth.browser.watch.page.OpeningPage;
import dev.berth.browser.watch.page.PageParts;
import dev.berth.browser.watch.page.Pages;
import dev.berth.browser.watch.target.TargetSetup;
import dev.berth.browser.watch.target.TargetSteps;
import dev.berth.fake.FakeListener;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.ExtensionOrigins;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class BrowserStateTest {
    private static final String SITE = "https://shop.example";
    private static final String ADD = "Page.addScriptToEvaluateOnNewDocument";
    private static final String REMOVE = "Page.removeScriptToEvaluateOnNewDocument";

    private final Empty chrome = new Empty();
    private Vertx vertx;
    private ContextInternal context;
    private CdpConnection connection;

    /** It has no cookies and no pages. */
    private static final class Empty extends ScriptedChrome {
        /** What its pages were sent. */
        final Queue<String> sent = new ConcurrentLinkedQueue<>();

        Empty() {
            super(true);
        }

        @Override
        protected Optional<JsonObject> script(JsonObject command) {
            String method = command.getString("method");
            if (method.startsWith("Page.")) {
                sent.add(command.getString("sessionId") + " " + method);
            }
            return switch (method) {
                case "Storage.getCookies" -> result("cookies", new JsonArray());
                case "Target.getBrowserContexts" -> result("browserContextIds", new JsonArray());
                case "Target.getTargets" -> result("targetInfos", new JsonArray());
                case ADD -> result("identifier", "1");
                default -> Optional.empty();
            };
        }

        private static Optional<JsonObject> result(String name, Object value) {
            return Optional.of(new JsonObject().put("result", new JsonObject().put(name, value)));
        }
    }

    @BeforeEach
    void connect(Vertx made) throws Exception {
        vertx = made;
        context = (ContextInternal) vertx.getOrCreateContext();
        connection = await(ask(() -> CdpConnection.open(vertx, ChromePipe.of(context, chrome))));
    }

    private <T> Future<T> ask(Callable<Future<T>> work) {
        return on(context, work).compose(asked -> asked);
    }

    private BrowserState state(ProfileState saved) throws Exception {
        return await(on(context, () -> {
            OpeningPage first = new OpeningPage(
                    new TargetSetup(connection, () -> TargetSteps.PLAIN, Path.of("/nowhere")), LoopPromise.here(vertx));
            Pages pages =
                    new Pages(vertx, connection, new FakeListener(), first, new PageParts(), ExtensionOrigins.NONE);
            return new BrowserState(vertx, connection, () -> Future.failedFuture("nobody asks"), pages, saved);
        }));
    }

    private static JsonObject shows(String origin) {
        return new JsonObject().put("frame", new JsonObject().put("securityOrigin", origin));
    }

    private void navigate(BrowserState state, JsonObject event) throws Exception {
        await(on(context, () -> {
            state.navigated(event);
            return null;
        }));
    }

    private List<String> origins(BrowserState state) throws Exception {
        return await(ask(state::save)).origins();
    }

    @Test
    void theOriginsOfFramesAreSaved() throws Exception {
        BrowserState state = state(ProfileState.NONE);
        JsonObject unreachable = shows("https://gone.example");
        unreachable.getJsonObject("frame").put("unreachableUrl", "https://gone.example/");
        navigate(state, unreachable);
        navigate(state, shows("://"));
        navigate(state, shows(SITE));
        navigate(state, shows("http://127.0.0.1:8080"));
        navigate(state, shows(SITE));
        assertThat(origins(state)).containsExactly("http://127.0.0.1:8080", SITE);
    }

    @Test
    void theLatestThousandOriginsAreSaved() throws Exception {
        List<String> thousand = IntStream.range(0, 1_000)
                .mapToObj(i -> "https://s" + i + ".example")
                .toList();
        BrowserState state = state(new ProfileState(new JsonArray(), Map.of(), thousand));
        await(ask(state::restore));
        navigate(state, shows(SITE));
        assertThat(origins(state)).hasSize(1_000).endsWith(SITE).doesNotContain("https://s0.example");
    }

    /** A page that removes its login does not find it again. */
    @Test
    void theFirstPageOfAnOriginGetsItsSessionStorage() throws Exception {
        BrowserState state = state(new ProfileState(
                new JsonArray(),
                Map.of(SITE, new JsonArray().add(new JsonArray().add("a").add("b"))),
                List.of()));
        String first = attach();
        String second = attach();
        await(ask(() -> state.attached(first, "page")));
        assertThat(chrome.sent).containsExactly(first + " " + ADD);
        navigate(state, shows(SITE));
        await(ask(() -> state.attached(second, "page")));
        await(ask(() -> connection.send(second, "Page.enable", new JsonObject())));
        assertThat(chrome.sent).containsExactly(first + " " + ADD, first + " " + REMOVE, second + " Page.enable");
    }

    private String attach() throws Exception {
        return await(ask(() -> connection.send(CdpConnection.BROWSER, "Target.attachToTarget", new JsonObject())))
                .getString("sessionId");
    }
}
