package dev.berth.http;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The API of a node: makes what all event loops share, and deploys the verticles that serve it, one for each event loop. */
public final class ApiVerticle extends VerticleBase {
    /** Those who listen by the same negative number share a port that the system chooses: each server has its own. */
    private static final AtomicInteger SYSTEMS_CHOICE = new AtomicInteger();

    private final HttpServices services;
    private final Future<Contract> contract;
    private final List<HttpVerticle> verticles = new CopyOnWriteArrayList<>();

    /** @param contract being read while other parts of the server start */
    public ApiVerticle(HttpServices services, Future<Contract> contract) {
        this.services = services;
        this.contract = contract;
    }

    @Override
    public Future<?> start() {
        // Here: verticles that are deployed on another context would not stop with this one.
        Promise<Contract> here = ((ContextInternal) context).promise();
        contract.onComplete(here);
        return here.future().compose(read -> {
            HttpParts parts = HttpParts.of(vertx, services);
            return deploy(parts, new ApiRouter(vertx, services, parts, read, this::answers).build());
        });
    }

    /** As children: they stop before what they use. */
    private Future<String> deploy(HttpParts parts, Router router) {
        int configured = services.config().http().port();
        int port = configured == 0 ? SYSTEMS_CHOICE.decrementAndGet() : configured;
        return vertx.deployVerticle(
                () -> {
                    HttpVerticle verticle = new HttpVerticle(services, parts, router, port);
                    verticles.add(verticle);
                    return verticle;
                },
                new DeploymentOptions().setInstances(eventLoops()));
    }

    private int eventLoops() {
        int loops = 0;
        for (Object loop : ((VertxInternal) vertx).eventLoopGroup()) {
            loops++;
        }
        return loops;
    }

    /** Fails in time where an event loop does not. */
    private Future<?> answers() {
        return Future.join(verticles.stream().map(HttpVerticle::answers).toList());
    }

    /** The port on which it listens. */
    public int port() {
        return verticles.get(0).port();
    }
}
