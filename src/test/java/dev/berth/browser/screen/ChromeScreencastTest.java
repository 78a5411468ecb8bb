package dev.berth.browser.screen;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.cdp.ScriptedChrome;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.browser.storage.BrowserState;
import dev.berth.browser.storage.ProfileState;
import dev.berth.browser.watch.ChromeWatcher;
import dev.berth.browser.watch.Eyes;
import dev.berth.browser.watch.page.ActRecorder;
import dev.berth.fake.FakeListener;
import dev.berth.loop.VertxScheduler;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.ExtensionOrigins;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Chrome that does not do all that it is asked for. */
class ChromeScreencastTest {
    private static final String PAGE = "page-session";
    private static final SessionOptions OPTIONS = SessionOptions.builder()
            .viewport(new Viewport(800, 600))
            .timeouts(new SessionTimeouts(60_000, 60_000, 0))
            .build();

    private final Vertx vertx = Vertx.vertx();
    private final ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
    private final BrowserFiles files = new BrowserFiles(vertx, Path.of("/nowhere"), OptionalInt.empty(), 1 << 20);
    private final BlockingQueue<ScreenFrame> frames = new LinkedBlockingQueue<>();
    private final PaintedPage chrome = new PaintedPage();
    private ChromePipe pipe;
    private ChromeScreencast screencast;

    /** It has one page, whose picture is different for each session that starts a screencast of it. */
    private static final class PaintedPage extends ScriptedChrome {
        /** How often it refuses to attach to its page. */
        int refusals;

        String castSession = "";

        PaintedPage() {
            super(true);
        }

        @Override
        protected Optional<JsonObject> script(JsonObject command) {
            String sessionId = command.getString("sessionId", "");
            switch (command.getString("method")) {
                case "Target.setAutoAttach" -> attachEyes(sessionId);
                case "Page.startScreencast" -> show(sessionId);
                case "Browser.getVersion" -> {
                    return result(new JsonObject().put("product", "Chrome/1").put("userAgent", "Its own"));
                }
                case "Target.attachToTarget" -> {
                    return refusals-- > 0
                            ? Optional.of(new JsonObject().put("error", new JsonObject().put("message", "Not now")))
                            : Optional.empty();
                }
                default -> {
                    // As usual.
                }
            }
            return Optional.empty();
        }

        private static Optional<JsonObject> result(JsonObject result) {
            return Optional.of(new JsonObject().put("result", result));
        }

        private void attachEyes(String parent) {
            if (!parent.equals(PAGE)) {
                parents.put(PAGE, parent);
                JsonObject target = new JsonObject().put("targetId", "page-1").put("type", "page");
                say(
                        parent,
                        event(
                                "Target.attachedToTarget",
                                new JsonObject()
                                        .put("sessionId", PAGE)
                                        .put("targetInfo", target)
                                        .put("waitingForDebugger", false)));
            }
        }

        private void show(String sessionId) {
            castSession = sessionId;
            String picture = Base64.getEncoder().encodeToString(new byte[] {(byte) roots.size()});
            JsonObject metadata = new JsonObject()
                    .put("deviceWidth", 800)
                    .put("deviceHeight", 600)
                    .put("timestamp", 1.5);
            say(
                    sessionId,
                    event(
                            "Page.screencastFrame",
                            new JsonObject()
                                    .put("data", picture)
                                    .put("metadata", metadata)
                                    .put("sessionId", 1)));
        }
    }

    @BeforeEach
    void open() throws Exception {
        pipe = ChromePipe.of(context, chrome);
        screencast = await(ask(() -> CdpConnection.open(vertx, pipe)
                .compose(connection -> Eyes.warm(vertx, connection, files))
                .compose(eyes -> {
                    ChromeWatcher watcher = new ChromeWatcher(
                            vertx,
                            eyes,
                            OPTIONS,
                            ExtensionOrigins.NONE,
                            pages -> new BrowserState(
                                    vertx,
                                    eyes.connection(),
                                    () -> CdpConnection.open(vertx, pipe),
                                    pages,
                                    ProfileState.NONE),
                            files,
                            url -> Optional.empty(),
                            new ActRecorder.Script("", ""),
                            new FakeListener());
                    return watcher.start(Optional.empty(), Future::succeededFuture)
                            .map(started -> new ChromeScreencast(
                                    new VertxScheduler(vertx), () -> CdpConnection.open(vertx, pipe), watcher.pages()));
                })));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private <T> Future<T> ask(Callable<Future<T>> asked) {
        return on(context, asked).compose(answer -> answer);
    }

    private void watch() throws Exception {
        await(on(context, () -> screencast.watch(Optional.empty(), 10, frames::add)));
    }

    /** The number of the session whose picture comes next. */
    private int next() throws InterruptedException {
        ScreenFrame frame = frames.poll(10, TimeUnit.SECONDS);
        assertThat(frame).as("a frame").isNotNull();
        return frame.jpeg().getByte(0);
    }

    @Test
    void aPageToWhichChromeDoesNotAttachAtOnceIsSeenLater() throws Exception {
        chrome.on(() -> chrome.refusals = 1);
        watch();
        assertThat(next()).isPositive();
        assertThat(chrome.on(() -> chrome.refusals)).isNotPositive();
    }

    @Test
    void aPageFromWhichChromeDetachesIsSeenAgain() throws Exception {
        watch();
        int before = next();
        chrome.on(() -> detached(chrome.castSession));
        assertThat(next()).isGreaterThan(before);
    }

    @Test
    void aConnectionThatIsClosedIsReplaced() throws Exception {
        watch();
        int before = next();
        chrome.on(() -> detached(chrome.roots.get(chrome.castSession)));
        assertThat(next()).isGreaterThan(before);
    }

    private String detached(String sessionId) {
        chrome.detach(sessionId);
        return sessionId;
    }
}
