package dev.berth.browser.launch;

import dev.berth.browser.BrowserLauncher.Launched;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.process.DiskGuard;
import dev.berth.browser.process.MemoryGuard;
import dev.berth.browser.storage.ProfileState;
import dev.berth.egress.EgressProxies;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;

/** Makes a Chrome that is up a session's: from then on the session's rules hold for its disk, its memory and its way out. */
final class Adoption {
    private final Vertx vertx;
    private final EgressProxies proxies;
    private final DiskGuard disk;
    private final MemoryGuard memory;

    Adoption(Vertx vertx, EgressProxies proxies, DiskGuard disk, MemoryGuard memory) {
        this.vertx = vertx;
        this.proxies = proxies;
        this.disk = disk;
        this.memory = memory;
    }

    /** Runs on the session's context. Where the adoption fails, the Chrome is discarded. */
    Future<Launched> adopt(
            PreparedChrome chrome,
            SessionOptions options,
            ProfileState state,
            Optional<Navigate> opening,
            BrowserListener listener,
            Future<Void> abort) {
        Context context = vertx.getOrCreateContext();
        disk.watch(
                chrome.process().home(),
                chrome.process().handle(),
                detail -> context.runOnContext(ignored -> listener.diskOutgrown(detail)));
        Future<Launched> adopted = Future.succeededFuture()
                .compose(now -> {
                    chrome.proxy().adopt(proxies.policy(options.containment()));
                    return chrome.eyes();
                })
                .compose(eyes -> ChromeBrowser.adopt(vertx, options, state, opening, listener, chrome, eyes, memory));
        chrome.process().killIfAborted(abort, adopted);
        return adopted.recover(e -> chrome.discard().transform(gone -> LaunchFailure.explain(e)));
    }
}
