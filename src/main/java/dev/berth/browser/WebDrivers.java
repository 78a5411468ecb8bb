package dev.berth.browser;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;

/**
 * Starts chromedrivers. Each has a user id and a folder of its own, and a network of its own, from which nothing but the server reaches
 * the driver's port. For any event loop.
 */
public interface WebDrivers {
    /** Fails with {@link BrowserLauncher.LaunchException}, which says what to install or to allow, where this machine can't start one so. */
    Future<Void> usable();

    /**
     * Starts one; completes when it answers. Fails with {@link BrowserLauncher.LaunchException}, too.
     *
     * @param chrome gets the connection of the program that the driver takes for its Chrome: frames of a client's WebSocket, with CDP. On
     *     the caller's context
     */
    Future<Driver> start(Handler<NetSocket> chrome);

    /** A chromedriver that was started. */
    interface Driver {
        /** A Unix socket, on which it answers HTTP. */
        SocketAddress http();

        /** The path of the program that it is to take for its Chrome. */
        String chrome();

        /** Completes when it has ended, for any reason. */
        Future<Void> exit();

        /** Kills it. Completes when its processes and its folder are gone. May be called again. */
        Future<Void> end();
    }
}
