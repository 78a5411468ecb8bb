package dev.berth;

import dev.berth.browser.cdp.ChromePipes;
import dev.berth.browser.launch.ChromeLauncher;
import dev.berth.browser.launch.WarmPool;
import dev.berth.config.ServerConfig;
import dev.berth.metrics.NodeMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * The Chromes of a node.
 *
 * @param pipes to each of them
 * @param launches what sessions get their Chromes from: the warm pool, where it has some
 * @param version product and version of Chrome
 */
record NodeBrowsers(ChromeLauncher launcher, ChromePipes pipes, LaunchWatch launches, String version) {

    /** One Chrome is launched and ended, so that what would make every session fail is told now; then the pool begins to fill. */
    static Future<NodeBrowsers> start(Vertx vertx, ServerConfig config, NodeMetrics metrics, StartedParts parts) {
        ChromePipes pipes = new ChromePipes();
        return vertx.executeBlocking(
                        () -> ChromeLauncher.create(
                                vertx,
                                config.chrome(),
                                config.disk(),
                                config.sessions().max(),
                                config.dataDir(),
                                System.getenv().getOrDefault("PATH", ""),
                                pipes),
                        false)
                .onSuccess(launcher -> {
                    parts.add(launcher::close);
                    metrics.tell(
                            "berth.chrome.memory", "Memory of all Chromes together.", "bytes", launcher::memoryBytes);
                })
                .compose(launcher -> launcher.reap()
                        .compose(done -> Canary.version(launcher))
                        .map(version -> new NodeBrowsers(
                                launcher,
                                pipes,
                                watched(launcher, pool(vertx, config, launcher, parts), metrics),
                                version)))
                .recover(e -> UserNamespaces.explain(vertx, e));
    }

    private static WarmPool pool(Vertx vertx, ServerConfig config, ChromeLauncher launcher, StartedParts parts) {
        ServerConfig.Chrome chrome = config.chrome();
        WarmPool pool = new WarmPool(vertx, launcher, chrome.poolSize(), (long) chrome.maxMemoryMib() << 19);
        parts.add(pool::close);
        pool.start();
        return pool;
    }

    private static LaunchWatch watched(ChromeLauncher launcher, WarmPool pool, NodeMetrics metrics) {
        return new LaunchWatch(pool, () -> Canary.version(launcher), metrics.sessions());
    }
}
