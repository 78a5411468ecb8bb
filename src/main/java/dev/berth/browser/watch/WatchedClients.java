package dev.berth.browser.watch;

import dev.berth.browser.BrowserClients;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.page.Dialogs;
import dev.berth.browser.watch.target.BrowserContexts;
import dev.berth.browser.watch.target.TargetHolds;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** Has CDP clients and the eyes not get in each other's way. Lives on the browser's context. */
final class WatchedClients implements BrowserClients {
    /** The most round trips that wait for Chrome to report no further target. */
    private static final int MAX_ROUNDS = 5;

    private final CdpConnection connection;
    private final BrowserContexts contexts;
    private final TargetHolds holds;
    private final Dialogs dialogs;
    private long targetsTold;

    WatchedClients(CdpConnection connection, BrowserContexts contexts, TargetHolds holds, Dialogs dialogs) {
        this.connection = connection;
        this.contexts = contexts;
        this.holds = holds;
        this.dialogs = dialogs;
    }

    /** The eyes are attached to a new target of any type. */
    void targetTold() {
        targetsTold++;
    }

    @Override
    public void changed(int connected) {
        contexts.clientsChanged(connected);
    }

    @Override
    public void left(String clientId) {
        holds.left(clientId);
    }

    @Override
    public void leaveDialogs(Set<String> pageIds) {
        dialogs.leaveToClients(pageIds);
    }

    @Override
    public void holdTargets(String clientId, Set<String> targetTypes) {
        holds.waitFor(clientId, targetTypes);
    }

    @Override
    public void releaseTarget(String clientId, String targetId, boolean started) {
        TargetHolds.Starter starter = started ? TargetHolds.Starter.CLIENT : TargetHolds.Starter.EYES;
        watchTargets().onComplete(watched -> holds.released(clientId, targetId, starter));
    }

    @Override
    public Future<Void> watchTargets() {
        return allTold(MAX_ROUNDS).otherwiseEmpty();
    }

    /** Asks Chrome until a round trip reports no new target: by then Chrome has also carried out the commands that watch the others. */
    private Future<Void> allTold(int rounds) {
        long before = targetsTold;
        return connection
                .send(CdpConnection.BROWSER, "Browser.getVersion", new JsonObject())
                .compose(told -> targetsTold == before || rounds == 1 ? Future.succeededFuture() : allTold(rounds - 1));
    }
}
