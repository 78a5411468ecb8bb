package dev.berth;

import dev.berth.config.ConfigException;
import dev.berth.config.ConfigLoader;
import dev.berth.config.ServerConfig;
import dev.berth.loop.LoopPromise;
import io.vertx.core.Closeable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.CloseFuture;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.Optional;

/**
 * A Berth within a Vertx of your own, with all that {@code java -jar berth.jar} has. Deploying it completes when it is ready, or
 * fails with one line that says what to do and leaves nothing behind; undeploying it, or closing the Vertx, ends its sessions and all
 * that it started. Other verticles then use a {@link dev.berth.protocol.SessionClient}.
 *
 * <pre>{@code
 * BerthVerticle berth = new BerthVerticle();
 * JsonObject settings = new JsonObject().put("data-dir", "/var/lib/berth").put("http", new JsonObject().put("port", 0));
 * vertx.deployVerticle(berth, new DeploymentOptions().setConfig(settings))
 *     .onSuccess(id -> System.out.println(berth.url()));
 * }</pre>
 *
 * <p>A Vertx that closes ends it first, before other verticles are undeployed.
 *
 * <p>The settings are those of {@code config/berth.yaml}, nested or with dots ({@code "http.port"}), and bad ones are refused with the
 * same messages. No file and no {@code BERTH_…} variable is read; of the environment only {@code PATH}, to find Chrome.
 *
 * <p>It may be deployed several times, in one Vertx or in several, each with a data directory and a port of its own. The Berths of one
 * Vertx share its event bus, as the nodes of a cluster do: a {@link dev.berth.protocol.SessionClient} reaches the sessions of all of
 * them, and its {@code create} takes them in turn, unless {@link dev.berth.protocol.SessionClient#at} names one. What their HTTP
 * creates stays with them, except for AI tasks, which any of them takes that has a model. Give them one Postgres and one object store
 * where all of them are to know what any of them has kept.
 */
public final class BerthVerticle extends VerticleBase {
    private final Optional<ServerConfig> given;
    private volatile DeployedServer deployed;
    private volatile Optional<String> apiKey = Optional.empty();

    /** Berth with the settings of the configuration that the verticle is deployed with. */
    public BerthVerticle() {
        this.given = Optional.empty();
    }

    /** The configuration that it is deployed with is not read. */
    public BerthVerticle(ServerConfig settings) {
        this.given = Optional.of(settings);
    }

    @Override
    public Future<?> start() {
        return given.map(Future::succeededFuture)
                .orElseGet(() -> vertx.executeBlocking(() -> ConfigLoader.of(config())))
                .compose(settings -> DeployedServer.start(vertx, alone(settings)))
                .compose(started -> vertx.executeBlocking(started.server()::apiKey)
                        .onSuccess(key -> {
                            apiKey = key;
                            deployed = started;
                        })
                        .recover(e -> started.close().transform(closed -> Future.failedFuture(e))));
    }

    private static ServerConfig alone(ServerConfig settings) {
        if (settings.cluster().enabled()) {
            throw new ConfigException(
                    "cluster.host",
                    "can't be set here: a node of a cluster makes its Vertx itself, as java -jar berth.jar does");
        }
        return settings;
    }

    @Override
    public Future<?> stop() {
        return deployed.close();
    }

    /** The URL of the HTTP API, with the port that was chosen where the settings say 0. Call it once the verticle is deployed. */
    public String url() {
        return deployed.server().url();
    }

    /** The name of this node: see {@link dev.berth.protocol.SessionClient#at}. The data directory keeps it. Once it is deployed. */
    public String machineId() {
        return deployed.server().machineId();
    }

    /**
     * A key for its HTTP API: the one in the settings, or else the one that the first start on the data directory made. Empty where
     * that one is not in the data directory any more. Verticles need none. Once it is deployed.
     */
    public Optional<String> apiKey() {
        return apiKey;
    }

    /**
     * A server in somebody else's Vertx, on a context of its own: verticles that are deployed from a verticle's context would be undeployed
     * before that one is asked to stop, in no order. What the server makes on it is closed after it. For any thread.
     */
    private static final class DeployedServer {
        private final VertxInternal vertx;
        private final CloseFuture made = new CloseFuture();
        /** A Vertx that closes calls it first of all, while everything that a session's end needs is still there. */
        private final Closeable beforeVertx = done -> close().onComplete(done);

        private final Future<Server> starting;
        private Future<Void> closing;

        private DeployedServer(Vertx vertx, ServerConfig config) {
            this.vertx = (VertxInternal) vertx;
            ContextInternal own =
                    this.vertx.contextBuilder().withCloseFuture(made).build();
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
                closing = starting.transform(
                                up -> up.succeeded() ? up.result().close() : Future.<Void>succeededFuture())
                        .eventually(made::close)
                        .onComplete(closed -> vertx.removeCloseHook(beforeVertx));
            }
            return closing;
        }
    }
}
