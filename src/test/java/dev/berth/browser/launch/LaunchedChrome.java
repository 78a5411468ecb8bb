package dev.berth.browser.launch;

import static dev.berth.fake.Futures.await;

import dev.berth.browser.Browser;
import dev.berth.browser.BrowserLauncher.LaunchSpec;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.SavedProfile;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.ChromePipes;
import dev.berth.config.ChromeConfig;
import dev.berth.config.ConfigLoader;
import dev.berth.config.DiskConfig;
import dev.berth.config.EgressConfig;
import dev.berth.egress.AddressPolicy;
import dev.berth.egress.EgressProxies;
import dev.berth.fake.Futures;
import dev.berth.protocol.ActionReply.EvaluationResult;
import dev.berth.protocol.BrowserKind;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.protocol.VerbChoices.WaitUntil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** A real Chrome and its browser, without a server around it. Its methods are for a test's own thread, and block. */
public final class LaunchedChrome implements AutoCloseable {
    private static final long TIMEOUT_MILLIS = 20_000;
    private static final SessionOptions OPTIONS = SessionOptions.builder()
            .viewport(new Viewport(800, 600))
            .timeouts(new SessionTimeouts(60_000, 60_000, 0))
            .build();

    private final Vertx vertx;
    private final Context context;
    private final Path folder;
    private final ChromePipes pipes = new ChromePipes();
    private final ChromeLauncher launcher;
    private final Browser browser;

    public LaunchedChrome(Vertx vertx, BrowserListener listener) throws Exception {
        this(vertx, listener, Optional.empty());
    }

    /** @param profile what it begins with */
    public LaunchedChrome(Vertx vertx, BrowserListener listener, Optional<SavedProfile> profile) throws Exception {
        this.vertx = vertx;
        context = vertx.getOrCreateContext();
        folder = Files.createTempDirectory(
                "it-berth", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        ChromeConfig config = new ChromeConfig(
                Optional.empty(), Optional.empty(), Optional.empty(), true, false, 62_200, 30_000, 1, 2_048, 0, 0);
        launcher = ChromeLauncher.create(
                vertx, config, new DiskConfig(1_024, 0), 2, folder, System.getenv("PATH"), pipes, anywhere(vertx));
        try {
            browser = await(on(() -> launcher.of(BrowserKind.SHELL)
                            .launch(new LaunchSpec(
                                    OPTIONS,
                                    profile,
                                    List.of(),
                                    Optional.empty(),
                                    listener,
                                    Future.future(never -> {})))))
                    .browser();
        } catch (Exception | AssertionError e) {
            leave();
            throw e;
        }
    }

    /** Ways out to wherever tests go. Blocks. */
    static EgressProxies anywhere(Vertx vertx) {
        EgressConfig open = ConfigLoader.withoutFile(Map.of()).egress();
        return new EgressProxies(vertx, new AddressPolicy(open, Set::of, port -> false), open);
    }

    public Context context() {
        return context;
    }

    public Browser browser() {
        return browser;
    }

    /** Does something where the browser lives. */
    public <T> T on(Callable<T> work) throws Exception {
        return await(Futures.on(context, work));
    }

    /** Another party, as a CDP client is one. */
    public CdpConnection connect() throws Exception {
        return await(Futures.on(
                        context,
                        () -> CdpConnection.open(
                                vertx, pipes.find(browser.endpoint().chrome()).orElseThrow()))
                .compose(opened -> opened));
    }

    /** The result of an expression on the active page, as JSON. */
    public String evaluate(String expression) throws Exception {
        return ((EvaluationResult)
                        await(on(() -> browser.driver(browser.pages().active().orElseThrow())
                                .perform(new Evaluate(expression, TIMEOUT_MILLIS)))))
                .json();
    }

    /** Sends the active page there. */
    public void open(String url) throws Exception {
        await(on(() -> browser.driver(browser.pages().active().orElseThrow())
                .navigate(new Navigate(url, WaitUntil.LOAD, TIMEOUT_MILLIS))));
    }

    /** Closes the active page; another one is active afterwards. */
    public void closePage() throws Exception {
        Optional<String> closed = on(browser.pages()::active);
        evaluate("window.close()");
        Promise<Void> other = Promise.promise();
        context.runOnContext(now -> look(closed, other));
        await(other.future());
    }

    private void look(Optional<String> closed, Promise<Void> other) {
        if (otherThan(closed).isPresent()) {
            other.complete();
        } else {
            vertx.setTimer(5, next -> look(closed, other));
        }
    }

    private Optional<String> otherThan(Optional<String> page) {
        return browser.pages().active().filter(active -> !page.equals(Optional.of(active)));
    }

    @Override
    public void close() throws Exception {
        await(on(browser::close));
        leave();
    }

    private void leave() throws Exception {
        await(on(launcher::close));
        Files.delete(folder);
    }
}
