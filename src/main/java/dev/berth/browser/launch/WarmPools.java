package dev.berth.browser.launch;

import dev.berth.browser.BrowserLauncher;
import dev.berth.config.ChromeConfig;
import dev.berth.protocol.BrowserKind;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** A {@link WarmPool} for each kind of browser. */
public final class WarmPools implements BrowserLauncher {
    private final Map<BrowserKind, WarmPool> pools = new EnumMap<>(BrowserKind.class);

    public WarmPools(Vertx vertx, ChromeLauncher launcher, ChromeConfig config) {
        for (BrowserKind kind : BrowserKind.values()) {
            int size =
                    switch (kind) {
                        case SHELL -> config.poolSize();
                        case CHROME -> config.fullPoolSize();
                        // Each has a screen of the size that its session asks for.
                        case HEADFUL -> 0;
                    };
            pools.put(kind, new WarmPool(vertx, launcher.of(kind), size));
        }
    }

    /** Begins to fill them, in the background. */
    public void start() {
        pools.values().forEach(WarmPool::start);
    }

    @Override
    public Future<Launched> launch(Optional<WarmBrowser> warm, LaunchSpec spec) {
        return pools.get(spec.options().browser()).launch(warm, spec);
    }

    @Override
    public Optional<WarmBrowser> takeWarm(BrowserKind kind) {
        return pools.get(kind).takeWarm();
    }

    /** The same for all kinds: they share the machine. */
    @Override
    public Optional<String> full() {
        return pools.get(BrowserKind.SHELL).full();
    }

    @Override
    public void requireHeld(SessionOptions options) {
        pools.get(options.browser()).requireHeld(options);
    }

    @Override
    public int warm() {
        return pools.values().stream().mapToInt(WarmPool::warm).sum();
    }

    /** Ends those that are ready, and those that are being prepared. */
    public Future<?> close() {
        return Future.join(pools.values().stream().map(WarmPool::close).toList());
    }
}
