package dev.berth.browser.watch;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.BrowserListener;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.cdp.ScriptedChrome;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.Viewport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WarmEyesTest {
    private static final String PAGE = "page-session";
    private static final JsonObject NOTHING = new JsonObject();

    private final Vertx vertx = Vertx.vertx();
    private final ContextInternal pool = ((VertxInternal) vertx).createEventLoopContext();
    private final ContextInternal session = ((VertxInternal) vertx).createEventLoopContext();
    private final BrowserFiles files = new BrowserFiles(vertx, Path.of("/nowhere"), OptionalInt.empty(), 1 << 20);
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final OnePage chrome = new OnePage();
    private WarmEyes eyes;

    /** It has one page, which the browser session is attached to by {@code Target.setAutoAttach}. */
    private static final class OnePage extends ScriptedChrome {
        /** What the page's session was sent. */
        final Queue<String> sent = new ConcurrentLinkedQueue<>();

        volatile boolean broken;

        OnePage() {
            super(true);
        }

        @Override
        protected Optional<JsonObject> script(JsonObject command) {
            String sessionId = command.getString("sessionId", "");
            String method = command.getString("method");
            if (sessionId.equals(PAGE)) {
                sent.add(method);
            } else if (method.equals("Target.setAutoAttach")) {
                attachPage(sessionId);
            }
            if (method.equals("Browser.getVersion") && broken) {
                return Optional.of(new JsonObject().put("error", new JsonObject().put("message", "it is broken")));
            }
            return method.equals("Browser.getVersion")
                    ? Optional.of(new JsonObject()
                            .put(
                                    "result",
                                    new JsonObject().put("product", "Chrome/1").put("userAgent", "Its own")))
                    : Optional.empty();
        }

        private void attachPage(String parent) {
            parents.put(PAGE, parent);
            say(
                    parent,
                    event(
                            "Target.attachedToTarget",
                            new JsonObject()
                                    .put("sessionId", PAGE)
                                    .put(
                                            "targetInfo",
                                            new JsonObject()
                                                    .put("targetId", "page-1")
                                                    .put("type", "page"))
                                    .put("waitingForDebugger", false)));
        }

        void tell(String method, JsonObject params) throws Exception {
            on(() -> {
                say(PAGE, event(method, params));
                speak();
                return null;
            });
        }
    }

    private static <T> Future<T> onContext(Context context, Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(ignored -> work.get().onComplete(done));
        return done.future();
    }

    @BeforeEach
    void watch() throws Exception {
        eyes = await(onContext(
                pool,
                () -> CdpConnection.open(vertx, ChromePipe.of(pool, chrome))
                        .map(connection -> new WarmEyes(vertx, connection, files))
                        .compose(made -> made.watch().map(made))));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private static SessionOptions options(Viewport viewport, Optional<String> locale) {
        return new SessionOptions(
                SessionOptions.CHROMIUM,
                viewport,
                new SessionTimeouts(60_000, 60_000, 0),
                Optional.empty(),
                locale,
                Optional.empty());
    }

    /** Tells what it hears, by the names of its methods. */
    private BrowserListener listener() {
        return (BrowserListener) Proxy.newProxyInstance(
                BrowserListener.class.getClassLoader(),
                new Class<?>[] {BrowserListener.class},
                (self, method, what) -> {
                    told.add(method.getName());
                    return null;
                });
    }

    private ChromeWatcher adopt(SessionOptions options) throws Exception {
        return await(onContext(
                session,
                () -> eyes.moveHere().compose(sight -> {
                    ChromeWatcher watcher = new ChromeWatcher(vertx, sight, options, files, listener());
                    return watcher.start(sight.seen(), Optional.empty()).map(watcher);
                })));
    }

    private List<String> sentAfter(int before) {
        return chrome.sent.stream().skip(before).toList();
    }

    @Test
    void aSessionWithoutOptionsFindsItsPageReady() throws Exception {
        assertThat(chrome.sent).contains("Page.enable", "Network.enable", "Emulation.setDeviceMetricsOverride");
        int before = chrome.sent.size();
        ChromeWatcher watcher = adopt(options(Viewport.DEFAULT, Optional.empty()));
        assertThat(watcher.pages().active().orElseThrow().targetId()).isEqualTo("page-1");
        assertThat(watcher.pages().active().orElseThrow().isPrepared()).isTrue();
        await(onContext(session, watcher::watching));
        assertThat(sentAfter(before)).containsExactly("Page.getFrameTree");
    }

    @Test
    void aSessionWithOptionsSendsWhatIsDifferent() throws Exception {
        int before = chrome.sent.size();
        adopt(options(new Viewport(640, 480), Optional.of("de-DE")));
        assertThat(sentAfter(before))
                .contains(
                        "Emulation.setDeviceMetricsOverride",
                        "Emulation.setLocaleOverride",
                        "Network.setUserAgentOverride")
                .doesNotContain("Page.enable", "Network.enable", "Runtime.runIfWaitingForDebugger");
    }

    @Test
    void whatHappenedBeforeIsToldToTheSession() throws Exception {
        chrome.tell("Inspector.targetCrashed", NOTHING);
        ChromeWatcher watcher = adopt(options(Viewport.DEFAULT, Optional.empty()));
        assertThat(watcher.pages().active().orElseThrow().crashed()).isTrue();
        assertThat(told).contains("consoleLogged");
    }

    @Test
    void whatHappensLaterIsToldToo() throws Exception {
        ChromeWatcher watcher = adopt(options(Viewport.DEFAULT, Optional.empty()));
        chrome.tell("Inspector.targetCrashed", NOTHING);
        await(onContext(session, watcher::watching));
        assertThat(watcher.pages().active().orElseThrow().crashed()).isTrue();
    }

    @Test
    void aChromeOfWhichTooMuchWasHeardIsUnfit() throws Exception {
        for (int i = 0; i < WarmEyes.MAX_EVENTS; i++) {
            chrome.tell("Some.event", NOTHING);
        }
        assertThatThrownBy(() -> await(onContext(pool, eyes::sawAll))).hasMessageContaining("more happened");
        assertThatThrownBy(() -> adopt(options(Viewport.DEFAULT, Optional.empty())))
                .hasMessageContaining("more happened");
    }

    @Test
    void aChromeThatDoesNotAnswerNowIsUnfit() {
        chrome.broken = true;
        assertThatThrownBy(() -> adopt(options(Viewport.DEFAULT, Optional.empty())))
                .hasMessageContaining("it is broken");
    }
}
