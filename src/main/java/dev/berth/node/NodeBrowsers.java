package dev.berth.node;

import dev.berth.browser.BrowserLauncher;
import dev.berth.browser.ChromeVersion;
import dev.berth.browser.cdp.ChromePipes;
import dev.berth.browser.launch.ChromeLauncher;
import dev.berth.browser.launch.WarmPools;
import dev.berth.config.ServerConfig;
import dev.berth.metrics.NodeMetrics;
import dev.berth.metrics.SessionCounts;
import dev.berth.protocol.BrowserKind;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The Chromes of a node, for its sessions: from the warm pool, where it has some. Knows whether Chromes start: the last launch decides, and
 * after a failed one the check tries a launch of its own. Thread-safe.
 */
public final class NodeBrowsers implements BrowserLauncher {
    /** Chrome's message where the kernel, or a container, forbids user namespaces. */
    private static final String NO_SANDBOX = "No usable sandbox";
    /** Least time between two tries: each takes processor time from running sessions. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ChromeLauncher launcher;
    private final ChromePipes pipes;
    private final BrowserLauncher pool;
    private final Supplier<Future<?>> attempt;
    private final SessionCounts counts;
    private final ChromeVersion version;
    private volatile boolean failing;
    private long triedAtNanos = System.nanoTime() - REST_NANOS;
    private Future<?> trying = Future.succeededFuture();

    /**
     * @param pipes to each of them
     * @param attempt launches a Chrome for no session
     * @param version of the Chrome that start-up tried
     */
    NodeBrowsers(
            ChromeLauncher launcher,
            ChromePipes pipes,
            BrowserLauncher pool,
            Supplier<Future<?>> attempt,
            SessionCounts counts,
            ChromeVersion version) {
        this.launcher = launcher;
        this.pipes = pipes;
        this.pool = pool;
        this.attempt = attempt;
        this.counts = counts;
        this.version = version;
    }

    /** Launches and ends one Chrome, so that a fault that would make every session fail is told now; then the pool begins to fill. */
    public static Future<NodeBrowsers> start(Node node, NodeEgress egress) {
        ServerConfig config = node.config();
        ChromePipes pipes = new ChromePipes();
        return node.vertx()
                .executeBlocking(
                        () -> ChromeLauncher.create(
                                node.vertx(),
                                config.chrome(),
                                config.disk(),
                                config.sessions().max(),
                                config.dataDir(),
                                System.getenv().getOrDefault("PATH", ""),
                                pipes,
                                egress.proxies()),
                        false)
                .onSuccess(launcher -> {
                    node.parts().add(launcher::close);
                    node.metrics()
                            .tell(
                                    "berth.chrome.memory",
                                    "Total memory of all Chromes.",
                                    "bytes",
                                    launcher::memoryBytes);
                    tellProtections(node.metrics(), launcher);
                })
                .compose(launcher -> launcher.reap()
                        .compose(done -> launcher.tryOut())
                        .map(version -> new NodeBrowsers(
                                launcher,
                                pipes,
                                pools(node, launcher),
                                launcher::tryOut,
                                node.metrics().sessions(),
                                version)))
                .recover(e -> StartException.fail(explain(e.getMessage()), e));
    }

    private static void tellProtections(NodeMetrics metrics, ChromeLauncher launcher) {
        for (String name : launcher.protections().keySet()) {
            metrics.tell(
                    "berth.chrome.protection",
                    "Whether a protection of Chromes is on: 1, or 0 where it is off.",
                    "",
                    () -> launcher.protections().get(name).equals("on") ? 1 : 0,
                    "protection",
                    name);
        }
    }

    /** The message as one line, as of every start that fails. */
    static String explain(String message) {
        return message.contains(NO_SANDBOX)
                ? "Chrome's sandbox needs user namespaces: " + Services.ALLOW_NAMESPACES
                        + ". Or, if you trust all pages, turn the sandbox off: set chrome.sandbox"
                        + " (BERTH_CHROME_SANDBOX) to false"
                : message;
    }

    private static WarmPools pools(Node node, ChromeLauncher launcher) {
        WarmPools pools = new WarmPools(node.vertx(), launcher, node.config().chrome());
        node.parts().add(pools::close);
        pools.start();
        return pools;
    }

    public ChromeLauncher launcher() {
        return launcher;
    }

    /** To each Chrome of the node. */
    ChromePipes pipes() {
        return pipes;
    }

    /** The version of the Chrome that start-up tried. */
    public ChromeVersion version() {
        return version;
    }

    @Override
    public Future<Launched> launch(Optional<WarmBrowser> warm, LaunchSpec spec) {
        // An aborted launch, or one without room, says nothing: it leaves the result of earlier launches as it is.
        long begunNanos = System.nanoTime();
        return pool.launch(warm, spec)
                .onSuccess(launched -> {
                    failing = false;
                    counts.launched(System.nanoTime() - begunNanos, true);
                })
                .onFailure(e -> {
                    if (!spec.abort().isComplete() && pool.full().isEmpty()) {
                        failing = true;
                        counts.launched(System.nanoTime() - begunNanos, false);
                    }
                });
    }

    @Override
    public Optional<WarmBrowser> takeWarm(BrowserKind kind) {
        return pool.takeWarm(kind);
    }

    @Override
    public Optional<String> full() {
        return pool.full();
    }

    @Override
    public void requireHeld(SessionOptions options) {
        pool.requireHeld(options);
    }

    @Override
    public int warm() {
        return pool.warm();
    }

    /** Fails if browsers do not start at present. */
    Future<?> check() {
        return failing ? tryAgain() : Future.succeededFuture();
    }

    private synchronized Future<?> tryAgain() {
        if (trying.isComplete() && System.nanoTime() - triedAtNanos >= REST_NANOS) {
            triedAtNanos = System.nanoTime();
            trying = attempt.get().onSuccess(up -> failing = false);
        }
        return trying;
    }
}
