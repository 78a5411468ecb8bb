package dev.berth.browser.storage;

import dev.berth.browser.BrowserStorage;
import dev.berth.browser.Deadline;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.page.Pages;
import dev.berth.protocol.ActionReply.StorageStateRead;
import dev.berth.protocol.ActionReply.StorageStateSet;
import dev.berth.protocol.BrowserAction.ReadStorageState;
import dev.berth.protocol.BrowserAction.SetStorageState;
import dev.berth.protocol.StorageState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/**
 * The storage of a browser for its sites. Begins with what a saved profile has stored, and follows the browser's targets, whose origins
 * may have stored something. Lives on the browser's context.
 */
public final class BrowserState implements BrowserStorage {
    private static final long PROFILE_MILLIS = 5_000;

    private final ProfileState saved;
    private final ProfileStates profiles;
    private final SessionStorageRestore sessionStorage;
    private final StorageStates storage;
    private final VisitedOrigins origins = new VisitedOrigins();

    /**
     * @param connection of the eyes, which watch the browser's targets
     * @param connect opens another connection to the browser, on the caller's context
     * @param saved the cookies and storage that the browser begins with
     */
    public BrowserState(
            Vertx vertx,
            CdpConnection connection,
            Supplier<Future<CdpConnection>> connect,
            Pages pages,
            ProfileState saved) {
        this.saved = saved;
        this.profiles = new ProfileStates(connection, pages, origins);
        this.sessionStorage = new SessionStorageRestore(connection, saved.tabs());
        this.storage = new StorageStates(vertx, connect);
    }

    /**
     * Restores what the browser begins with, apart from the {@code sessionStorage}, which waits for pages. Fails where Chrome does not
     * answer in time.
     */
    public Future<Void> restore() {
        saved.origins().forEach(origins::add);
        return profiles.restore(saved.cookies(), new Deadline(PROFILE_MILLIS));
    }

    /** The state that a later browser is to begin with. Fails where Chrome does not answer in time. */
    public Future<ProfileState> save() {
        return profiles.read(new Deadline(PROFILE_MILLIS));
    }

    @Override
    public Future<StorageStateRead> read(ReadStorageState command) {
        return storage.read(origins.all(), command.indexedDB(), new Deadline(command.timeout()));
    }

    @Override
    public Future<StorageStateSet> set(SetStorageState command) {
        return set(new StorageState(command.cookies(), command.origins()), new Deadline(command.timeout()));
    }

    public Future<StorageStateSet> set(StorageState state, Deadline deadline) {
        state.origins().forEach(stored -> origins.add(stored.origin()));
        return storage.set(state, deadline);
    }

    /**
     * The eyes are attached to a new target. Completes when what is stored for the target is restored. Never fails.
     *
     * @param type Chrome's name, such as {@code page}
     */
    public Future<Void> attached(String sessionId, String type) {
        return sessionStorage.attached(sessionId, type);
    }

    /** @param event {@code Page.frameNavigated} of any target */
    public void navigated(JsonObject event) {
        JsonObject frame = event.getJsonObject("frame");
        origins.navigated(frame);
        sessionStorage.navigated(frame);
    }

    public void detached(String sessionId) {
        sessionStorage.detached(sessionId);
    }
}
