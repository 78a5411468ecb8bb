package dev.berth.browser;

import io.vertx.core.Future;
import java.util.Set;

/** The services of a browser for the CDP clients that are connected to it. Lives on the browser's context. */
public interface BrowserClients {
    /** The number of connected clients has changed: settings that a client changed and took with it are restored. */
    void changed(int connected);

    /** A client has disconnected: it holds no target any more. */
    void left(String clientId);

    /** Leaves the JavaScript dialogs of these pages to clients for a while; those of all other pages are answered at once. */
    void leaveDialogs(Set<String> pageIds);

    /**
     * Holds new targets of these types until this client lets them run, or has taken too long.
     *
     * @param targetTypes Chrome's names, such as {@code page}; empty to hold none
     */
    void holdTargets(String clientId, Set<String> targetTypes);

    /**
     * A client no longer holds a target.
     *
     * @param started whether the client let it run; if false, the client detached from it
     */
    void releaseTarget(String clientId, String targetId, boolean started);

    /** Completes when every target that exists now is watched, or when the browser is gone. Never fails. */
    Future<Void> watchTargets();
}
