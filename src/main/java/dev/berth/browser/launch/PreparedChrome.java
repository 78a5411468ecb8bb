package dev.berth.browser.launch;

import dev.berth.browser.BrowserLauncher.Launched;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.SavedProfile;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.drive.command.CommandThreads;
import dev.berth.browser.drive.command.Hands;
import dev.berth.browser.drive.command.WarmHands;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.browser.process.ChromeProcess;
import dev.berth.browser.state.ProfileState;
import dev.berth.browser.watch.Eyes;
import dev.berth.browser.watch.page.Pages;
import dev.berth.egress.EgressProxy;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.Optional;
import java.util.function.Supplier;

/** A Chrome that is up; nobody's yet. Lives on one context, which will be its session's. */
final class PreparedChrome implements WarmPool.WarmChrome {
    /** For a Chrome that writes what its pages have stored. */
    private static final long EXIT_MILLIS = 5_000;

    private final ContextInternal context;
    private final Vertx vertx;
    private final ChromeProcess process;
    private final ChromePipe pipe;
    private final EgressProxy proxy;
    private final boolean blankPage;
    private final BrowserFiles files;
    private final CommandThreads threads;
    private final Supplier<Future<Void>> removal;
    private final Adoption adoption;
    /** What the pool has of it, until a session takes it. */
    private Optional<Warm> warm = Optional.empty();

    private final long preparedAtNanos = System.nanoTime();

    private record Warm(Eyes eyes, WarmHands hands) {}

    /**
     * @param context where it lives, and its session will
     * @param proxy its only way out
     * @param blankPage whether it has one
     * @param maxDiskBytes how much its session may take of the disk
     * @param threads on which the hands of all Chromes wait
     * @param removal ends its processes and removes all that they wrote
     * @param adoption makes it a session's
     */
    PreparedChrome(
            ContextInternal context,
            ChromeProcess process,
            ChromePipe pipe,
            EgressProxy proxy,
            boolean blankPage,
            long maxDiskBytes,
            CommandThreads threads,
            Supplier<Future<Void>> removal,
            Adoption adoption) {
        this.context = context;
        this.vertx = context.owner();
        this.process = process;
        this.pipe = pipe;
        this.proxy = proxy;
        this.blankPage = blankPage;
        this.files = new BrowserFiles(vertx, process.home(), process.userId(), maxDiskBytes);
        this.threads = threads;
        this.removal = removal;
        this.adoption = adoption;
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
                .compose(both -> both.hands().readCookies())
                .compose(read -> answers());
    }

    @Override
    public Future<Void> answers() {
        return context.succeededFuture()
                .compose(here -> warm.map(both -> both.hands().answers())
                        .orElseGet(() -> Future.failedFuture("it is not the pool's")));
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
    public Future<Launched> adopt(
            SessionOptions options,
            Optional<SavedProfile> profile,
            Optional<Navigate> opening,
            BrowserListener listener,
            Future<Void> abort) {
        return profile.map(saved -> vertx.executeBlocking(() -> ProfileRestore.stateOf(saved), false)
                        .recover(e -> discard().transform(gone -> LaunchFailure.explain(e))))
                .orElse(Future.succeededFuture(ProfileState.NONE))
                .compose(state -> adoption.adopt(this, options, state, opening, listener, abort));
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

    /** What its session begins with. Once. */
    Future<Eyes> eyes() {
        return warm.map(both -> Future.succeededFuture(both.eyes()))
                .orElseGet(() -> connect().map(Eyes::of));
    }

    /** Another connection to it, on the context of the caller. */
    Future<CdpConnection> connect() {
        return CdpConnection.open(vertx, pipe);
    }

    /** The hands for its pages, with a connection of their own. Once. */
    Hands hands(Pages pages) {
        Optional<WarmHands> hands = warm.map(Warm::hands);
        warm = Optional.empty();
        return new Hands(vertx, threads, this::connect, pages, hands);
    }

    @Override
    public long ageMillis() {
        return (System.nanoTime() - preparedAtNanos) / 1_000_000;
    }

    /** Ends the whole process tree, then removes its profile. */
    @Override
    public Future<Void> discard() {
        return removal.get();
    }
}
