package dev.berth;

import dev.berth.config.ServerConfig;
import dev.berth.loop.LoopPromise;
import io.vertx.core.Closeable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.CloseFuture;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;

/**
 * A server in somebody else's Vertx, on a context of its own: verticles that are deployed from a verticle's context would be undeployed
 * before that one is asked to stop, in no order. What the server makes on it is closed after it. For any thread.
 */
final class DeployedServer {
    private final VertxInternal vertx;
    private final CloseFuture made = new CloseFuture();
    /** A Vertx that closes calls it first of all, while everything that a session's end needs is still there. */
    private final Closeable beforeVertx = done -> close().onComplete(done);

    private final Future<Server> starting;
    private Future<Void> closing;

    private DeployedServer(Vertx vertx, ServerConfig config) {
        this.vertx = (VertxInternal) vertx;
        ContextInternal own = this.vertx.contextBuilder().withCloseFuture(made).build();
        Promise<Server> started = LoopPromise.on(own);
        this.starting = started.future();
        this.vertx.addCloseHook(beforeVertx);
        own.runOnContext(ignored -> Future.succeededFuture()
                .compose(now -> Server.start(vertx, config))
                .onComplete(started));
    }

    /** Fails as {@link Server#start} does, and leaves nothing behind. */
    static Future<DeployedServer> start(Vertx vertx, ServerConfig config) {
        DeployedServer deployed = new DeployedServer(vertx, config);
        return deployed.starting
                .map(deployed)
                .recover(e -> deployed.close().transform(closed -> Future.failedFuture(e)));
    }

    Server server() {
        return starting.result();
    }

    /** Ends the server; one that is still starting, once it is up. May be repeated. */
    synchronized Future<Void> close() {
        if (closing == null) {
            closing = starting.transform(up -> up.succeeded() ? up.result().close() : Future.<Void>succeededFuture())
                    .eventually(made::close)
                    .onComplete(closed -> vertx.removeCloseHook(beforeVertx));
        }
        return closing;
    }
}
