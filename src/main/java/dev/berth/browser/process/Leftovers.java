package dev.berth.browser.process;

import dev.berth.loop.LoopPromise;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the processes and folders of Chromes, and retries until that succeeds: while the server has no file descriptor left,
 * it can neither read a folder nor look for processes. Its timers outlive the sessions. Any thread may call.
 */
public final class Leftovers {
    private static final Logger log = LoggerFactory.getLogger(Leftovers.class);
    private static final long FIRST_REST_MILLIS = 100;
    private static final long LONGEST_REST_MILLIS = 60_000;
    private static final long SOON_SECONDS = 2;

    private final Vertx vertx;
    private final Context context;
    private final Optional<UserIds> userIds;

    public Leftovers(Vertx vertx, Optional<UserIds> userIds) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.userIds = userIds;
    }

    /** Kills a Chrome. Completes, on the caller's context, when its processes and its folder are gone. */
    public Future<Void> remove(ChromeProcess process) {
        // The user id is released last, so that no other Chrome can read what is left of this one.
        return until(process::destroy).onSuccess(gone -> until(() -> blocking(() -> giveBack(process.userId()))));
    }

    /** For a failed launch that others wait behind: completes after 2 s at most, while removal goes on. */
    public Future<Void> removeSoon(ChromeProcess process) {
        return remove(process).timeout(SOON_SECONDS, TimeUnit.SECONDS).otherwiseEmpty();
    }

    /** Removes a folder in which no Chrome was started. Blocks for the first try, which succeeds as a rule. */
    public Future<Void> remove(Path home, OptionalInt userId) {
        try {
            clear(home, userId);
            return Future.succeededFuture();
        } catch (IOException | UncheckedIOException e) {
            return until(() -> blocking(() -> clear(home, userId)));
        }
    }

    private void clear(Path home, OptionalInt userId) throws IOException {
        Profiles.delete(home);
        giveBack(userId);
    }

    private void giveBack(OptionalInt userId) throws IOException {
        if (userIds.isPresent() && userId.isPresent()) {
            userIds.get().giveBack(userId.getAsInt());
        }
    }

    /** A step that blocks. */
    @FunctionalInterface
    private interface BlockingStep {
        void take() throws IOException;
    }

    private Future<Void> blocking(BlockingStep step) {
        return vertx.executeBlocking(
                () -> {
                    step.take();
                    return null;
                },
                false);
    }

    private Future<Void> until(Supplier<Future<Void>> removal) {
        Promise<Void> gone = LoopPromise.here(vertx);
        context.runOnContext(ignored -> attempt(removal, gone, FIRST_REST_MILLIS));
        return gone.future();
    }

    private void attempt(Supplier<Future<Void>> removal, Promise<Void> gone, long restMillis) {
        removal.get().onSuccess(gone::complete).onFailure(e -> {
            if (restMillis == FIRST_REST_MILLIS) {
                log.warn("leftover files or processes of a Chrome can't be removed yet; will retry: {}", e.toString());
            }
            vertx.setTimer(restMillis, rested -> attempt(removal, gone, Math.min(2 * restMillis, LONGEST_REST_MILLIS)));
        });
    }
}
