package dev.berth.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;

/** Answers every request with a constant JSON object, on as many event loops as Berth serves its API on. */
final class EmptyServer {
    /** Those who listen by the same negative number share a port that the system chooses; Berth counts down from -1. */
    private static final int SYSTEMS_CHOICE = -1_000;

    private final Vertx vertx;
    private final String deployment;
    private final int port;

    private EmptyServer(Vertx vertx, String deployment, int port) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.port = port;
    }

    static EmptyServer start(Vertx vertx) {
        List<Loop> loops = new CopyOnWriteArrayList<>();
        int instances = Integer.getInteger("berth.http.loops", (int)
                StreamSupport.stream(((VertxInternal) vertx).eventLoopGroup().spliterator(), false)
                        .count());
        String deployment = Rig.await(vertx.deployVerticle(
                () -> {
                    Loop loop = new Loop();
                    loops.add(loop);
                    return loop;
                },
                new DeploymentOptions().setInstances(instances)));
        return new EmptyServer(vertx, deployment, loops.get(0).server.actualPort());
    }

    int port() {
        return port;
    }

    void close() {
        Rig.await(vertx.undeploy(deployment));
    }

    private static final class Loop extends VerticleBase {
        private HttpServer server;

        @Override
        public Future<?> start() {
            server = vertx.createHttpServer()
                    .requestHandler(request -> request.response()
                            .putHeader("Content-Type", "application/json")
                            .end(new JsonObject().put("status", "up").toBuffer()));
            return server.listen(SYSTEMS_CHOICE, "127.0.0.1");
        }
    }
}
