package dev.berth.browser.launch;

import dev.berth.browser.Deadline;
import dev.berth.browser.DevToolsEndpoint;
import dev.berth.browser.drive.command.Cdp4jSessions;
import dev.berth.browser.drive.command.CommandLane;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.browser.process.ChromeProcess;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A Chrome that is up; nobody's yet. */
final class PreparedChrome {
    private static final long ANSWER_MILLIS = 2_000;
    private static final long DISCONNECT_MILLIS = 5_000;

    private final Vertx vertx;
    private final ChromeProcess process;
    private final DevToolsEndpoint endpoint;
    private final boolean blankPage;
    private final BrowserFiles files;
    private final CommandLane lane;
    private final Cdp4jSessions sessions;
    private final Supplier<Future<Void>> removal;
    private final long preparedAtNanos = System.nanoTime();

    /**
     * @param blankPage whether it has one
     * @param maxDiskBytes how much its session may take of the disk
     * @param removal ends its processes and removes all that they wrote
     */
    PreparedChrome(
            Vertx vertx,
            ChromeProcess process,
            DevToolsEndpoint endpoint,
            boolean blankPage,
            long maxDiskBytes,
            Supplier<Future<Void>> removal) {
        this.vertx = vertx;
        this.process = process;
        this.endpoint = endpoint;
        this.blankPage = blankPage;
        this.files = new BrowserFiles(vertx, process.home(), process.userId(), maxDiskBytes);
        this.lane = new CommandLane(vertx, process.home().getFileName().toString());
        this.sessions = new Cdp4jSessions(endpoint.port());
        this.removal = removal;
    }

    /**
     * Does, with its blank page, what its session need not wait for then: connects cdp4j, and has Chrome read its cookies, which it does before its
     * first request (measured: 6 of 12 ms from {@code Page.navigate} to the request).
     */
    Future<Void> warmUp() {
        Promise<Void> done = Promise.promise();
        CommandLane.Task<Void> task = lane.run(
                () -> {
                    sessions.readCookies();
                    return null;
                },
                new Deadline(Cdp4jSessions.CONNECT_TIMEOUT_MILLIS));
        task.result().onSuccess(done::tryComplete).onFailure(done::tryFail);
        // To a Chrome that dies meanwhile it would try in vain until its timeout.
        Context context = vertx.getOrCreateContext();
        process.exit()
                .thenRun(() -> context.runOnContext(ignored -> {
                    done.tryFail("Chrome has exited");
                    task.cancel();
                }));
        return done.future();
    }

    /** Completes where its page answers; fails where it does not. */
    Future<Void> answers() {
        return lane.run(
                        () -> {
                            sessions.askFirstPage();
                            return null;
                        },
                        new Deadline(ANSWER_MILLIS))
                .result()
                .mapEmpty();
    }

    ChromeProcess process() {
        return process;
    }

    DevToolsEndpoint endpoint() {
        return endpoint;
    }

    boolean hasBlankPage() {
        return blankPage;
    }

    BrowserFiles files() {
        return files;
    }

    CommandLane lane() {
        return lane;
    }

    Cdp4jSessions sessions() {
        return sessions;
    }

    long ageMillis() {
        return (System.nanoTime() - preparedAtNanos) / 1_000_000;
    }

    /** Ends the whole process tree, then what was connected to it, then its profile. */
    Future<Void> discard() {
        return removal.get().eventually(this::disconnect);
    }

    private Future<?> disconnect() {
        lane.close();
        return vertx.executeBlocking(
                        () -> {
                            sessions.close();
                            return null;
                        },
                        false)
                .timeout(DISCONNECT_MILLIS, TimeUnit.MILLISECONDS);
    }
}
