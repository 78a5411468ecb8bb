package dev.berth.browser.watch;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.BrowserListener;
import dev.berth.browser.PageAct;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.cdp.ScriptedChrome;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.browser.storage.BrowserState;
import dev.berth.browser.storage.ProfileState;
import dev.berth.browser.watch.page.ActRecorder;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.ExtensionOrigins;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session that begins with a Chrome whose page is watched already. */
class EyesTest {
    private static final String PAGE = "page-session";

    private final Vertx vertx = Vertx.vertx();
    private final ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
    private final BrowserFiles files = new BrowserFiles(vertx, Path.of("/nowhere"), OptionalInt.empty(), 1 << 20);
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<PageAct> acts = new LinkedBlockingQueue<>();
    private final OnePage chrome = new OnePage();
    private Eyes eyes;

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
            if (broken) {
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
                context,
                () -> CdpConnection.open(vertx, ChromePipe.of(context, chrome))
                        .compose(connection -> Eyes.warm(vertx, connection, files))));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private static SessionOptions options(Viewport viewport, Optional<String> locale) {
        return SessionOptions.builder()
                .viewport(viewport)
                .locale(locale)
                .timeouts(new SessionTimeouts(60_000, 60_000, 0))
                .build();
    }

    /** Tells what it hears, by the names of its methods. */
    private BrowserListener listener() {
        return (BrowserListener) Proxy.newProxyInstance(
                BrowserListener.class.getClassLoader(),
                new Class<?>[] {BrowserListener.class},
                (self, method, what) -> {
                    told.add(method.getName());
                    if (what != null && what.length > 0 && what[0] instanceof PageAct act) {
                        acts.add(act);
                    }
                    return null;
                });
    }

    private ChromeWatcher adopt(SessionOptions options) throws Exception {
        return await(onContext(context, () -> {
            ChromeWatcher watcher = new ChromeWatcher(
                    vertx,
                    eyes,
                    options,
                    ExtensionOrigins.NONE,
                    pages -> new BrowserState(
                            vertx,
                            eyes.connection(),
                            () -> CdpConnection.open(vertx, ChromePipe.of(context, chrome)),
                            pages,
                            ProfileState.NONE),
                    files,
                    url -> Optional.empty(),
                    new ActRecorder.Script("", ""),
                    listener());
            return watcher.start(Optional.empty(), Future::succeededFuture).map(watcher);
        }));
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
        await(onContext(context, watcher.clients()::watchTargets));
        assertThat(sentAfter(before)).containsExactly("Page.setLifecycleEventsEnabled", "Page.getFrameTree");
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
    void whatHappensLaterIsToldToo() throws Exception {
        ChromeWatcher watcher = adopt(options(Viewport.DEFAULT, Optional.empty()));
        chrome.tell("Inspector.targetCrashed", new JsonObject());
        await(onContext(context, watcher.clients()::watchTargets));
        assertThat(watcher.pages().active().orElseThrow().crashed()).isTrue();
        assertThat(told).contains("consoleLogged");
    }

    @Test
    void aChromeThatDoesNotAnswerNowIsUnfit() {
        chrome.broken = true;
        assertThatThrownBy(() -> adopt(options(Viewport.DEFAULT, Optional.empty())))
                .hasMessageContaining("it is broken");
    }

    private void press(String key, long ageMillis) throws Exception {
        String told = new JsonObject()
                .put("type", "press")
                .put("key", key)
                .put("age", ageMillis)
                .encode();
        chrome.tell(
                "Runtime.bindingCalled",
                new JsonObject().put("name", ActRecorder.BINDING).put("payload", told));
    }

    @Test
    void aBusyPageIsHeardOfWhatWasDoneBeforeAndAPageThatNobodyUsesIsNot() throws Exception {
        ChromeWatcher watcher = adopt(options(Viewport.DEFAULT, Optional.empty()));
        press("a", 0);
        await(watcher.inputSources().uses("page-1", ActionSource.LIVE));
        Instant used = Instant.now();
        press("b", 30_000);
        PageAct first = acts.poll(10, TimeUnit.SECONDS);
        assertThat(first.details()).containsEntry("key", "b").doesNotContainKey("age");
        assertThat(first.at()).isBefore(used);
    }
}
