package dev.berth.node;

import dev.berth.browser.cdp.ChromePipes;
import dev.berth.browser.launch.ChromeLauncher;
import dev.berth.browser.launch.WarmPool;
import dev.berth.config.ServerConfig;
import io.vertx.core.Future;

/**
 * The Chromes of a node.
 *
 * @param pipes to each of them
 * @param launches what sessions get their Chromes from: the warm pool, where it has some
 * @param version product and version of Chrome
 */
public record NodeBrowsers(ChromeLauncher launcher, ChromePipes pipes, LaunchWatch launches, String version) {
    /** Chrome's message where the kernel, or a container, forbids user namespaces. */
    private static final String NO_SANDBOX = "No usable sandbox";

    /** One Chrome is launched and ended, so that what would make every session fail is told now; then the pool begins to fill. */
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
                                    "Memory of all Chromes together.",
                                    "bytes",
                                    launcher::memoryBytes);
                })
                .compose(launcher -> launcher.reap()
                        .compose(done -> launcher.tryOut())
                        .map(version -> new NodeBrowsers(
                                launcher,
                                pipes,
                                new LaunchWatch(
                                        pool(node, launcher),
                                        launcher::tryOut,
                                        node.metrics().sessions()),
                                version)))
                .recover(e -> StartException.fail(explain(e.getMessage()), e));
    }

    /** One line, as of every start that fails. */
    static String explain(String message) {
        return message.contains(NO_SANDBOX)
                ? "Chrome's sandbox needs user namespaces: " + Services.ALLOW_NAMESPACES
                        + ". Or, if all pages are to be trusted, do without a sandbox: chrome.sandbox"
                        + " (BERTH_CHROME_SANDBOX) false"
                : message;
    }

    private static WarmPool pool(Node node, ChromeLauncher launcher) {
        WarmPool pool =
                new WarmPool(node.vertx(), launcher, node.config().chrome().poolSize());
        node.parts().add(pool::close);
        pool.start();
        return pool;
    }
}
