package dev.berth.browser.launch;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.Browser;
import dev.berth.browser.BrowserLauncher.LaunchSpec;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.ChromePipes;
import dev.berth.browser.launch.ChromeStarter.Plan;
import dev.berth.browser.process.ResourceGuard;
import dev.berth.browser.storage.ProfileState;
import dev.berth.browser.watch.Eyes;
import dev.berth.config.ChromeConfig;
import dev.berth.config.DiskConfig;
import dev.berth.fake.FakeListener;
import dev.berth.it.Berth;
import dev.berth.protocol.BrowserKind;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Chrome that lives on while nobody sees what it does. */
class LostEyesIT {
    private static final SessionOptions OPTIONS = SessionOptions.builder()
            .timeouts(new SessionTimeouts(60_000, 60_000, 0))
            .build();

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final Promise<String> gone = Promise.promise();
    private Path folder;
    private ChromeLauncher launcher;

    @BeforeEach
    void makeALauncher() throws Exception {
        // What is logged is recorded from here on.
        Berth.shared();
        folder = Files.createTempDirectory(
                "it-berth", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        ChromeConfig config = new ChromeConfig(
                Optional.empty(), Optional.empty(), Optional.empty(), true, false, 62_000, 30_000, 1, 2_048, 0, 0);
        launcher = ChromeLauncher.create(
                vertx,
                config,
                new DiskConfig(1_024, 0),
                2,
                folder,
                System.getenv("PATH"),
                new ChromePipes(),
                LaunchedChrome.anywhere(vertx));
    }

    @AfterEach
    void removeIt() throws Exception {
        await(launcher.close());
        await(vertx.close());
        Files.delete(folder);
    }

    private LaunchSpec launchSpec() {
        return new LaunchSpec(
                OPTIONS, Optional.empty(), List.of(), Optional.empty(), new Listener(), Future.future(never -> {}));
    }

    @Test
    void theListenerHearsThatTheBrowserIsLost() throws Exception {
        PreparedChrome chrome = await(launcher.prepare(Plan.blank(BrowserKind.SHELL), Future.future(never -> {})));
        CdpConnection connection = await(chrome.connect());
        ResourceGuard guard = new ResourceGuard(vertx, () -> 1L << 40, 1L << 31, 1L << 31);
        Browser browser = await(
                        ChromeBrowser.adopt(vertx, launchSpec(), ProfileState.NONE, chrome, Eyes.of(connection), guard))
                .browser();
        connection.close();
        assertThat(await(gone.future())).contains("connection to Chrome was lost");
        assertThat(chrome.process().isAlive()).isTrue();
        await(browser.close());
        assertThat(chrome.process().isAlive()).isFalse();
        guard.close();
    }

    @Test
    void anEventThatCannotBeHandledCostsNoOther() throws Exception {
        PreparedChrome chrome = await(launcher.prepare(Plan.blank(BrowserKind.SHELL), Future.future(never -> {})));
        CdpConnection connection = await(chrome.connect());
        Promise<String> second = Promise.promise();
        AtomicInteger heard = new AtomicInteger();
        connection.onEvent(event -> {
            if (heard.incrementAndGet() == 1) {
                throw new IllegalStateException("on purpose");
            }
            second.tryComplete(event.method());
        });
        await(connection.send(
                CdpConnection.BROWSER, "Target.setDiscoverTargets", new JsonObject().put("discover", true)));
        await(connection.send(
                CdpConnection.BROWSER, "Target.createTarget", new JsonObject().put("url", "about:blank")));
        assertThat(await(second.future())).startsWith("Target.");
        Berth.forgive("an event from Chrome can't be parsed");
        assertThat(await(connection.send(CdpConnection.BROWSER, "Browser.getVersion", new JsonObject())))
                .isNotNull();
        await(connection.close());
        await(chrome.discard());
    }

    @Test
    void eachWarmChromeLivesOnTheNextEventLoop() throws Exception {
        WarmPool.WarmChrome first = await(launcher.of(BrowserKind.SHELL).prepare(Future.future(never -> {})));
        WarmPool.WarmChrome second = await(launcher.of(BrowserKind.SHELL).prepare(Future.future(never -> {})));
        assertThat(loop(first)).isNotSameAs(loop(second));
        await(Future.join(first.discard(), second.discard()));
    }

    private static EventLoop loop(WarmPool.WarmChrome chrome) {
        return ((ContextInternal) chrome.context()).nettyEventLoop();
    }

    /** As a client might send it there, by a way that Berth does not know of. */
    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "chrome://version"})
    void aPageThatShowsWhatNoneMayIsClosed(String forbidden) throws Exception {
        PreparedChrome chrome = await(launcher.prepare(Plan.blank(BrowserKind.SHELL), Future.future(never -> {})));
        ResourceGuard guard = new ResourceGuard(vertx, () -> 1L << 40, 1L << 31, 1L << 31);
        Browser browser = await(chrome.connect()
                        .compose(eyes -> ChromeBrowser.adopt(
                                vertx, launchSpec(), ProfileState.NONE, chrome, Eyes.of(eyes), guard)))
                .browser();
        CdpConnection other = await(chrome.connect());
        Promise<String> opened = Promise.promise();
        Promise<Void> closed = Promise.promise();
        other.onEvent(event -> {
            if (event.method().equals("Target.targetDestroyed")) {
                opened.future().onSuccess(target -> {
                    if (target.equals(event.params().getString("targetId"))) {
                        closed.tryComplete();
                    }
                });
            }
        });
        await(other.send(CdpConnection.BROWSER, "Target.setDiscoverTargets", new JsonObject().put("discover", true)));
        other.send(CdpConnection.BROWSER, "Target.createTarget", new JsonObject().put("url", forbidden))
                .map(made -> made.getString("targetId"))
                .onComplete(opened);
        await(closed.future());
        assertThat(browser.pages().active()).isPresent();
        await(browser.close());
        guard.close();
    }

    private final class Listener extends FakeListener {
        @Override
        public void browserGone(String detail) {
            gone.tryComplete(detail);
        }
    }
}
