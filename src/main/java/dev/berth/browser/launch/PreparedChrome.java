package dev.berth.browser.launch;

import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.browser.BrowserLauncher.LaunchSpec;
import dev.berth.browser.BrowserLauncher.Launched;
import dev.berth.browser.SavedProfile;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.drive.command.Hands;
import dev.berth.browser.drive.command.WarmHands;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.browser.process.ChromeProcess;
import dev.berth.browser.storage.ProfileState;
import dev.berth.browser.watch.Eyes;
import dev.berth.browser.watch.page.Pages;
import dev.berth.egress.EgressProxy;
import dev.berth.protocol.BerthException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Chrome that is up; nobody's yet. Lives on one context, which will be its session's. */
final class PreparedChrome implements WarmPool.WarmChrome {
    private static final Logger log = LoggerFactory.getLogger(PreparedChrome.class);
    /** For a Chrome that writes what its pages have stored. */
    private static final long EXIT_MILLIS = 5_000;

    private final ContextInternal context;
    private final Vertx vertx;
    private final ChromeProcess process;
    private final ChromePipe pipe;
    private final EgressProxy proxy;
    private final boolean blankPage;
    private final BrowserFiles files;
    private final ChromeLauncher.Shared shared;
    private final Supplier<Future<Void>> removal;
    /** The Chrome as the pool has it, until a session takes it. */
    private Optional<Warm> warm = Optional.empty();

    private record Warm(Eyes eyes, WarmHands hands) {}

    /**
     * @param context where it lives, and its session will
     * @param proxy its only way out
     * @param blankPage whether it has one
     * @param removal ends its processes and removes all that they wrote
     */
    PreparedChrome(
            ContextInternal context,
            ChromeProcess process,
            ChromePipe pipe,
            EgressProxy proxy,
            boolean blankPage,
            ChromeLauncher.Shared shared,
            Supplier<Future<Void>> removal) {
        this.context = context;
        this.vertx = context.owner();
        this.process = process;
        this.pipe = pipe;
        this.proxy = proxy;
        this.blankPage = blankPage;
        this.files = new BrowserFiles(vertx, process.home(), process.userId(), shared.maxDiskBytes());
        this.shared = shared;
        this.removal = removal;
    }

    /**
     * Does, with its blank page, what its session need not wait for then: attaches eyes and hands, has Chrome read its cookies, which
     * it does before its first request (measured: 6 of 12 ms from {@code Page.navigate} to the request), and has the page answer.
     */
    Future<Void> warmUp() {
        return connect()
                .compose(connection -> Eyes.warm(vertx, connection, files))
                .compose(eyes -> connect().compose(WarmHands::of).map(hands -> new Warm(eyes, hands)))
                .onSuccess(both -> warm = Optional.of(both))
                .compose(both ->
                        both.hands().readCookies().compose(read -> both.hands().answers()));
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public Future<?> exited() {
        return Future.fromCompletionStage(process.exit());
    }

    @Override
    public Future<Launched> adopt(LaunchSpec spec) {
        return spec.profile()
                .map(saved -> vertx.executeBlocking(() -> ProfileRestore.stateOf(saved), false)
                        .recover(this::discarded))
                .orElse(Future.succeededFuture(ProfileState.NONE))
                .compose(state -> adopt(spec, state));
    }

    /** Makes the Chrome a session's, on the session's context: from then on the session's rules hold. The Chrome is discarded where this fails. */
    Future<Launched> adopt(LaunchSpec spec, ProfileState state) {
        Future<Launched> adopted = Future.succeededFuture()
                .compose(now -> {
                    proxy.adopt(shared.proxies().policy(spec.options().containment()));
                    return eyes();
                })
                .compose(eyes -> ChromeBrowser.adopt(vertx, spec, state, this, eyes, shared.guard()));
        process.killIfAborted(spec.abort(), adopted);
        return adopted.recover(this::discarded);
    }

    private <T> Future<T> discarded(Throwable e) {
        return discard().transform(gone -> explain(e));
    }

    /** Berth's own words for users, as the words of other programs may name paths of this machine. */
    static <T> Future<T> explain(Throwable e) {
        if (e instanceof LaunchException) {
            return Future.failedFuture(e);
        } else if (e instanceof BerthException) {
            return Future.failedFuture(new LaunchException("Chrome did not start: " + e.getMessage(), e));
        }
        log.warn("Chrome did not start: {}", e.toString());
        return Future.failedFuture(new LaunchException("Chrome did not start; see the server's log", e));
    }

    /** Writes the profile of a Chrome that has been told to end. Fails where that is not gone in time, or has crashed. */
    Future<SavedProfile.Contents> save(ProfileState state, SavedProfile.Destination to) {
        return process.left(EXIT_MILLIS)
                .compose(gone -> vertx.executeBlocking(() -> files.archive(state.json(), to), false));
    }

    ChromeProcess process() {
        return process;
    }

    EgressProxy proxy() {
        return proxy;
    }

    boolean hasBlankPage() {
        return blankPage;
    }

    BrowserFiles files() {
        return files;
    }

    /** The eyes that the Chrome's session begins with. To be called once. */
    private Future<Eyes> eyes() {
        return warm.map(both -> Future.succeededFuture(both.eyes()))
                .orElseGet(() -> connect().map(Eyes::of));
    }

    /** Opens another connection to the Chrome, on the context of the caller. */
    Future<CdpConnection> connect() {
        return CdpConnection.open(vertx, pipe);
    }

    /** The hands for its pages, with a connection of their own. Once. */
    Hands hands(Pages pages) {
        Optional<WarmHands> hands = warm.map(Warm::hands);
        warm = Optional.empty();
        return new Hands(vertx, shared.hands(), this::connect, pages, hands);
    }

    /** Ends the whole process tree, then removes its profile. */
    @Override
    public Future<Void> discard() {
        return removal.get();
    }
}
