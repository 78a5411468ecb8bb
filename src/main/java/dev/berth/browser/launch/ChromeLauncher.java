package dev.berth.browser.launch;

import dev.berth.browser.BrowserExtension;
import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.browser.BrowserLauncher.LaunchSpec;
import dev.berth.browser.BrowserLauncher.Launched;
import dev.berth.browser.ChromeVersion;
import dev.berth.browser.FrontEnd;
import dev.berth.browser.WebDrivers;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.cdp.ChromePipes;
import dev.berth.browser.drive.command.CommandThreads;
import dev.berth.browser.launch.ChromeStarter.Plan;
import dev.berth.browser.process.ChromeProcess;
import dev.berth.browser.process.DiskSpace;
import dev.berth.browser.process.ManagedPolicy;
import dev.berth.browser.process.ResourceGuard;
import dev.berth.config.ChromeConfig;
import dev.berth.config.DiskConfig;
import dev.berth.egress.EgressProxies;
import dev.berth.egress.EgressProxy;
import dev.berth.limits.CountLimit;
import dev.berth.limits.FairQueue;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.BrowserKind;
import dev.berth.protocol.SessionOptions;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;

/** Starts Chromes, each with a profile and, where the server is root, a user id of its own. */
public final class ChromeLauncher {
    private final Vertx vertx;
    private final ChromeConfig config;
    private final ChromeStarter starter;
    private final ChromePipes pipes;
    private final Shared shared;
    /** A storm of launches would starve the sessions that run. As many launches wait as there are places for sessions. */
    private final FairQueue<String> gate;

    /** A thread for each launch that the gate lets through, which forks there. Closed with its Vertx. */
    private final WorkerExecutor launches;

    /** The last trial of full Chrome's policy; failed where there was none yet. */
    private Future<Void> obedience = Future.failedFuture("not tried yet");

    /** The event loops for warm Chromes, the next one first. On the pool's context. */
    private final Queue<EventLoop> loops = new ArrayDeque<>();

    /**
     * The parts that all Chromes of a node share.
     *
     * @param maxDiskBytes how much a session may take of the disk
     * @param hands the threads on which the hands of all Chromes wait
     * @param proxies give each Chrome its only way out
     */
    record Shared(ResourceGuard guard, long maxDiskBytes, CommandThreads hands, EgressProxies proxies) {}

    private ChromeLauncher(Vertx vertx, ChromeConfig config, ChromeStarter starter, ChromePipes pipes, Shared shared) {
        this.vertx = vertx;
        this.config = config;
        this.starter = starter;
        this.pipes = pipes;
        this.shared = shared;
        this.gate = new FairQueue<>(
                config.parallelLaunches(),
                config.parallelLaunches(),
                new CountLimit<>(Integer.MAX_VALUE, "too many launches wait"));
        this.launches = vertx.createSharedWorkerExecutor("berth-launch", config.parallelLaunches());
        // All its threads start now, and not on an event loop whose scheduling policy Chromes would inherit.
        for (int i = 0; i < config.parallelLaunches(); i++) {
            launches.executeBlocking(() -> null, false);
        }
        ((VertxInternal) vertx).nettyEventLoopGroup().forEach(loop -> loops.add((EventLoop) loop));
    }

    /**
     * Finds Chrome; fails with {@link LaunchException} where there is none. Blocks.
     *
     * @param maxSessions how many there are at once
     * @param pipes gets those of its Chromes, each by the name of its folder
     * @param proxies give each Chrome its only way out
     */
    public static ChromeLauncher create(
            Vertx vertx,
            ChromeConfig config,
            DiskConfig disk,
            int maxSessions,
            Path dataDir,
            String searchPath,
            ChromePipes pipes,
            EgressProxies proxies)
            throws IOException, InterruptedException {
        ChromeStarter starter = ChromeStarter.create(vertx, config, dataDir, searchPath);
        ResourceGuard guard = new ResourceGuard(
                vertx,
                DiskSpace.of(dataDir, starter.folder(), disk.floorBytes())::headroom,
                (long) config.maxMemoryMib() << 20,
                disk.sessionBytes());
        Shared shared = new Shared(guard, disk.sessionBytes(), new CommandThreads(maxSessions), proxies);
        return new ChromeLauncher(vertx, config, starter, pipes, shared);
    }

    /** The memory of its Chromes together, as last measured: some seconds ago at the most. */
    public long memoryBytes() {
        return shared.guard().memoryBytes();
    }

    public Path executable() {
        return starter.executable();
    }

    /** Starts chromedrivers beside its Chromes. */
    public WebDrivers drivers() {
        return new DriverStarter(vertx, starter, new SecludedStarter(vertx, starter, launches));
    }

    /** Takes the files of DevTools from its Chrome. */
    public FrontEnd frontEnd() {
        return new FrontEndFiles(vertx, starter, new SecludedStarter(vertx, starter, launches));
    }

    /** Whether pages are held in Chrome's sandbox. */
    public boolean sandboxed() {
        return config.sandbox();
    }

    /** The protections of its Chromes, by name: {@code on}, or {@code off: } and why. */
    public Map<String, String> protections() {
        return starter.protections();
    }

    /** Ends what an earlier process of this data directory left: Chromes that hung, and profiles. */
    public Future<Void> reap() {
        return starter.reap();
    }

    /** Removes the folder of the profiles, once there is none in it. */
    public Future<Void> close() {
        shared.guard().close();
        shared.hands().close();
        return vertx.executeBlocking(
                        () -> {
                            starter.close();
                            return (Void) null;
                        },
                        false)
                .eventually(launches::close);
    }

    /** Its Chromes of one kind. */
    public WarmPool.Source of(BrowserKind kind) {
        return new OfKind(kind);
    }

    private final class OfKind implements WarmPool.Source {
        private final BrowserKind kind;

        OfKind(BrowserKind kind) {
            this.kind = kind;
        }

        @Override
        public Optional<String> full() {
            return shared.guard().full();
        }

        @Override
        public void requireHeld(SessionOptions options) {
            require("browser", () -> starter.require(kind));
            if (!options.extensions().isEmpty()) {
                require("extensions", starter::requireExtensionsHeld);
            }
            shared.proxies().policy(options.containment());
        }

        private void require(String option, Runnable check) {
            try {
                check.run();
            } catch (LaunchException e) {
                throw BerthException.invalid("options." + option + ": " + e.getMessage());
            }
        }

        @Override
        public Future<Launched> launch(LaunchSpec spec) {
            ProfileRestore restore = new ProfileRestore(spec.profile(), shared.maxDiskBytes());
            Plan plan = new Plan(kind, spec.options().viewport(), spec.opening().isEmpty(), restore, spec.extensions());
            return Future.succeededFuture()
                    .compose(now -> {
                        // Another node may have admitted the session.
                        requireHeld(spec.options());
                        return obeyed(kind);
                    })
                    .recover(PreparedChrome::explain)
                    .compose(held -> ChromeLauncher.this.prepare(plan, spec.abort()))
                    .compose(chrome -> chrome.adopt(spec, restore.state()));
        }

        @Override
        public Future<WarmPool.WarmChrome> prepare(Future<Void> abort) {
            return nextContext()
                    .succeededFuture()
                    .compose(there -> obeyed(kind))
                    .compose(held -> ChromeLauncher.this.prepare(Plan.blank(kind), abort))
                    .compose(chrome -> chrome.warmUp()
                            .<WarmPool.WarmChrome>map(chrome)
                            .recover(e -> chrome.discard().transform(gone -> Future.failedFuture(e))));
        }
    }

    /** A Chrome that is up; nobody's yet. Fails with {@link LaunchException}, and leaves nothing behind. */
    Future<PreparedChrome> prepare(Plan plan, Future<Void> abort) {
        return gate.run("all", () -> start(plan, abort), abort).recover(PreparedChrome::explain);
    }

    /** Launches and ends a Chrome for no session, only to see that one can be launched. */
    public Future<ChromeVersion> tryOut() {
        return prepare(Plan.blank(BrowserKind.SHELL), Future.future(never -> {}))
                .compose(chrome -> chrome.connect()
                        .compose(connection ->
                                connection.send(CdpConnection.BROWSER, "Browser.getVersion", new JsonObject()))
                        .map(ChromeVersion::of)
                        .eventually(chrome::discard));
    }

    /** Completes once a full Chrome was seen to obey its policy: one Chrome, before the first of a session. */
    private Future<Void> obeyed(BrowserKind kind) {
        if (kind == BrowserKind.SHELL || !starter.needsPolicy()) {
            return Future.succeededFuture();
        }
        Promise<Void> here = LoopPromise.here(vertx);
        policyTrial().onComplete(here);
        return here.future();
    }

    private synchronized Future<Void> policyTrial() {
        starter.require(BrowserKind.CHROME);
        if (obedience.failed()) {
            obedience = tryPolicy();
        }
        return obedience;
    }

    private Future<Void> tryPolicy() {
        return prepare(Plan.blank(BrowserKind.CHROME), Future.future(never -> {}))
                .compose(chrome ->
                        chrome.connect().compose(ChromeLauncher::openForbidden).eventually(chrome::discard))
                .compose(error -> {
                    if (!error.equals(ManagedPolicy.BLOCKED)) {
                        starter.policyIgnored();
                    }
                    return Future.succeededFuture();
                });
    }

    /** Chrome's error for a page that its policy forbids; empty if Chrome opens the page. */
    private static Future<String> openForbidden(CdpConnection connection) {
        return connection
                .send(CdpConnection.BROWSER, "Target.createTarget", new JsonObject().put("url", "about:blank"))
                .compose(page -> connection.send(
                        CdpConnection.BROWSER,
                        "Target.attachToTarget",
                        new JsonObject()
                                .put("targetId", page.getString("targetId"))
                                .put("flatten", true)))
                .compose(attached -> connection.send(
                        attached.getString("sessionId"),
                        "Page.navigate",
                        new JsonObject().put("url", ManagedPolicy.TRIED_URL)))
                .map(answer -> answer.getString("errorText", ""));
    }

    /**
     * The context for the next Chrome, on each event loop in turn. Vert.x's own turn also counts deployments, and would give every other
     * loop.
     */
    private ContextInternal nextContext() {
        EventLoop loop = loops.remove();
        loops.add(loop);
        return ((VertxInternal) vertx).contextBuilder().withEventLoop(loop).build();
    }

    private Future<PreparedChrome> start(Plan plan, Future<Void> abort) {
        return shared.proxies()
                .open()
                .compose(proxy -> launches.executeBlocking(() -> starter.start(plan, proxy.port()), false)
                        .compose(process -> awaitUp(process, proxy, plan, abort))
                        .recover(e -> proxy.close().transform(closed -> Future.failedFuture(e))));
    }

    private Future<PreparedChrome> awaitUp(ChromeProcess process, EgressProxy proxy, Plan plan, Future<Void> abort) {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        ChromePipe pipe = plan.kind() == BrowserKind.SHELL
                ? ChromePipe.of(context, process.pipe())
                : ChromePipe.of(context, process.pipe(), BrowserExtension.origins(plan.extensions()));
        Future<Void> up = process.up("Chrome", pipe.answers(context), config.launchTimeoutMillis());
        process.killIfAborted(abort, up);
        return up.map(answered -> prepared(context, process, pipe, proxy, plan.blankPage()))
                .recover(e -> starter.leftovers().removeSoon(process).transform(gone -> Future.failedFuture(e)));
    }

    private PreparedChrome prepared(
            ContextInternal context, ChromeProcess process, ChromePipe pipe, EgressProxy proxy, boolean blankPage) {
        pipes.add(process.name(), pipe);
        Supplier<Future<Void>> removal = () -> starter.leftovers()
                .remove(process)
                .eventually(proxy::close)
                .onSuccess(done -> {
                    shared.guard().forget(process.home());
                    pipes.remove(process.name());
                });
        return new PreparedChrome(context, process, pipe, proxy, blankPage, shared, removal);
    }
}
