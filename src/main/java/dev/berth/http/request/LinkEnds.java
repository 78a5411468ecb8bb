package dev.berth.http.request;

import dev.berth.history.ShareLink;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Ends what is done by links once they are revoked or expire. For any event loop. */
public final class LinkEnds {
    private final Vertx vertx;
    private final BiFunction<Long, Runnable, Runnable> onRevoked;

    /**
     * @param onRevoked takes what is to be run, on any thread, when a link of this id is revoked, or is not there any more; gives what is to
     * be run when this is over
     */
    public LinkEnds(Vertx vertx, BiFunction<Long, Runnable, Runnable> onRevoked) {
        this.vertx = vertx;
        this.onRevoked = onRevoked;
    }

    /**
     * Calls back when the link is revoked or expires.
     *
     * @param end is told why, on the current context
     * @return to be run when there is nothing to end any more
     */
    public Runnable hold(ShareLink link, Consumer<String> end) {
        Context context = vertx.getOrCreateContext();
        Runnable forget = onRevoked.apply(
                link.linkId(), () -> context.runOnContext(ignored -> end.accept("the link was revoked")));
        long left =
                Math.max(1, Duration.between(Instant.now(), link.expiresAt()).toMillis());
        long timer = vertx.setTimer(left, ignored -> end.accept("the link has expired"));
        return () -> {
            forget.run();
            vertx.cancelTimer(timer);
        };
    }

    /** Cuts off what is still being sent to a client when its link ends. */
    void cutOff(RoutingContext ctx, ShareLink link) {
        // The end of a request whose client has left is told no more.
        if (!ctx.response().closed()) {
            Runnable release = hold(link, why -> Connections.cut(ctx.request()));
            ctx.addEndHandler(over -> release.run());
        }
    }
}
