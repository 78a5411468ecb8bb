package dev.berth.browser.launch;

import dev.berth.browser.Browser.Probe;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.process.ChromeProcess;
import dev.berth.browser.process.ResourceGuard;
import dev.berth.browser.watch.page.PageTarget;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Whether a Chrome lives and answers, and what it takes of the machine. Tells its listener, until Chrome is told to end. Lives on the
 * browser's context.
 */
final class Liveness {
    private static final long EXIT_MILLIS = 1_000;
    private static final long PROBE_MILLIS = 2_000;

    private final Context context;
    private final ChromeProcess process;
    private final CdpConnection connection;
    private final ResourceGuard guard;
    private final BrowserListener listener;
    private final Promise<Void> gone = Promise.promise();
    /** Whether Chrome has been told to end: the listener is told nothing any more. */
    private boolean leaving;

    Liveness(
            Context context,
            ChromeProcess process,
            CdpConnection connection,
            ResourceGuard guard,
            BrowserListener listener) {
        this.context = context;
        this.process = process;
        this.connection = connection;
        this.guard = guard;
        this.listener = listener;
    }

    void watch() {
        guard.watch(process.home(), process.handle(), new ResourceGuard.Watcher() {
            @Override
            public void measured(long memoryBytes, double cores) {
                tell(() -> listener.usageMeasured(memoryBytes, cores));
            }

            @Override
            public void memoryOutgrown(long bytes) {
                tell(() -> {
                    listener.memoryOutgrown("Chrome took " + (bytes >> 20) + " MiB of memory");
                    // Chrome grows until it is killed, and the end of the session, which kills Chrome too, comes later.
                    process.kill();
                });
            }

            @Override
            public void diskOutgrown(String why) {
                tell(() -> listener.diskOutgrown(why));
            }
        });
        process.exit()
                .whenComplete((code, e) ->
                        context.runOnContext(ignored -> tellGone("Chrome exited unexpectedly with code " + code)));
        // A Chrome whose connection is lost may have died: its exit code, which says more, may still come. A Chrome
        // that lives on would run on unseen.
        connection.closed().onSuccess(why -> context.owner().setTimer(EXIT_MILLIS, ignored -> tellGone(why)));
    }

    /** The guard has a context of its own. */
    private void tell(Runnable news) {
        context.runOnContext(ignored -> {
            if (!leaving) {
                news.run();
            }
        });
    }

    private void tellGone(String detail) {
        if (!leaving && !process.wasKilled()) {
            listener.browserGone(detail);
        }
        gone.tryComplete();
    }

    /** To be called when Chrome is told to end. */
    void leave() {
        leaving = true;
    }

    /** See {@link dev.berth.browser.Browser#presence}. */
    Future<Void> presence() {
        return connection
                .send(CdpConnection.BROWSER, "Browser.getVersion", new JsonObject(), EXIT_MILLIS)
                .<Void>mapEmpty()
                .recover(e -> isLost() ? gone.future() : Future.succeededFuture());
    }

    private boolean isLost() {
        return connection.closed().isComplete() || !process.isAlive();
    }

    /** @param page the active page */
    Future<Probe> probe(Optional<PageTarget> page) {
        Future<Boolean> browser = answers(CdpConnection.BROWSER, "Browser.getVersion", new JsonObject());
        Future<Boolean> answered = page.filter(active -> !active.crashed())
                .map(active -> answers(active.sessionId(), "Runtime.evaluate", new JsonObject().put("expression", "1")))
                .orElse(Future.succeededFuture(false));
        return Future.all(browser, answered)
                .map(both -> new Probe(
                        browser.result(),
                        answered.result(),
                        page.filter(PageTarget::crashed).isPresent()));
    }

    private Future<Boolean> answers(String sessionId, String method, JsonObject params) {
        return connection
                .send(sessionId, method, params, PROBE_MILLIS)
                .map(true)
                .otherwise(false);
    }
}
