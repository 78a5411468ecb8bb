package dev.berth.browser;

import dev.berth.protocol.ActionReply.StorageStateRead;
import dev.berth.protocol.ActionReply.StorageStateSet;
import dev.berth.protocol.BrowserAction.ReadStorageState;
import dev.berth.protocol.BrowserAction.SetStorageState;
import io.vertx.core.Future;

/** The storage of a browser for its sites. Lives on the browser's context. */
public interface BrowserStorage {
    /**
     * Reads its cookies, and what those origins have stored whose documents the frames of its pages have shown, or that were set: the latest
     * 1,000.
     */
    Future<StorageStateRead> read(ReadStorageState command);

    /** Sets cookies, and what origins have stored. */
    Future<StorageStateSet> set(SetStorageState command);
}
