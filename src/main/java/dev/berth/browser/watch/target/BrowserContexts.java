package dev.berth.browser.watch.target;

import dev.berth.browser.cdp.CdpConnection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings that one Chrome's browser contexts have of their own: for downloads, and for the permissions of pages. Lives on the
 * browser's context.
 */
public final class BrowserContexts {
    private static final Logger log = LoggerFactory.getLogger(BrowserContexts.class);
    /** Late enough for Chrome to have noticed that a client left. */
    private static final long RESTORE_MILLIS = 300;

    private final Vertx vertx;
    private final CdpConnection connection;
    private final TargetSetup setup;
    private final Path folder;
    private final Set<String> ids = new HashSet<>();
    private long restoreTimer = -1;
    private int clients;

    public BrowserContexts(Vertx vertx, CdpConnection connection, TargetSetup setup, Path folder) {
        this.vertx = vertx;
        this.connection = connection;
        this.setup = setup;
        this.folder = folder;
    }

    public void seen(String id) {
        if (ids.add(id)) {
            prepare(id);
            if (!setup.permissions().isEmpty()) {
                permit(id);
            }
        }
    }

    /** Chrome refuses a context that is gone with its client, and the default one by its id. */
    private void prepare(String id) {
        setup.prepareContext(id).onFailure(e -> ids.remove(id));
    }

    /**
     * The number of CDP clients has changed. When one leaves, Chrome drops its downloads and permissions, but does not restore the
     * earlier ones.
     */
    public void clientsChanged(int connected) {
        boolean left = connected < clients;
        clients = connected;
        vertx.cancelTimer(restoreTimer);
        restoreTimer = vertx.setTimer(RESTORE_MILLIS, ignored -> {
            setup.prepareDefaultContext();
            List.copyOf(ids).forEach(this::prepare);
            // A client that has come changed nothing yet, and others may have permissions of their own.
            if (left && !setup.permissions().isEmpty()) {
                permit().onFailure(e -> log.debug("no permissions: {}", e.getMessage()));
            }
        });
    }

    /** Gives the pages of all contexts their permissions. Fails where Chrome refuses that in the default one. */
    public Future<?> permit() {
        ids.forEach(this::permit);
        return setup.permit(Optional.empty());
    }

    /** Chrome refuses a context that is gone with its client. */
    private void permit(String id) {
        setup.permit(Optional.of(id)).onFailure(e -> log.debug("no permissions: {}", e.getMessage()));
    }

    /** Cancels a download in every context, as no event names the one it belongs to. Deletes the file of a complete one. */
    public void cancel(String guid) {
        delete(guid);
        Stream.concat(Stream.of(Optional.<String>empty()), ids.stream().map(Optional::of))
                .forEach(context -> {
                    JsonObject params = new JsonObject().put("guid", guid);
                    context.ifPresent(id -> params.put("browserContextId", id));
                    connection
                            .send(CdpConnection.BROWSER, "Browser.cancelDownload", params)
                            .onFailure(e -> log.debug("no such download: {}", e.getMessage()));
                });
    }

    public void delete(String guid) {
        vertx.fileSystem()
                .delete(folder.resolve(guid).toString())
                .onFailure(e -> log.debug("the download has no file: {}", e.getMessage()));
    }

    public void stop() {
        vertx.cancelTimer(restoreTimer);
    }
}
