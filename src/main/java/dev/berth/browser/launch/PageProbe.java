package dev.berth.browser.launch;

import dev.berth.browser.Browser.Probe;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.page.PageTarget;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** A round trip to a browser and to its active page. On the browser's context. */
record PageProbe(CdpConnection connection, Optional<PageTarget> page) {
    private static final long TIMEOUT_MILLIS = 2_000;

    Future<Probe> take() {
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
                .send(sessionId, method, params, TIMEOUT_MILLIS)
                .map(true)
                .otherwise(false);
    }
}
