package dev.berth.http;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The API of a node: makes what all event loops share, and deploys the verticles that serve it. */
public final class ApiVerticle extends VerticleBase {
    private final HttpServices services;
    private final List<HttpVerticle> verticles = new CopyOnWriteArrayList<>();

    public ApiVerticle(HttpServices services) {
        this.services = services;
    }

    @Override
    public Future<?> start() {
        return Contract.read(vertx).compose(contract -> {
            HttpParts parts = HttpParts.of(vertx, services);
            return deploy(parts, new ApiRouter(vertx, services, parts, contract).build());
        });
    }

    /** As children: they stop before what they use. */
    private Future<String> deploy(HttpParts parts, Router router) {
        return vertx.deployVerticle(
                () -> {
                    HttpVerticle verticle = new HttpVerticle(services, parts, router);
                    verticles.add(verticle);
                    return verticle;
                },
                new DeploymentOptions());
    }

    /** The port on which it listens. */
    public int port() {
        return verticles.get(0).port();
    }
}
