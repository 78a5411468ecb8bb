package dev.berth.http;

import dev.berth.loop.LoopPromise;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API of a node: makes what all event loops share, and deploys one {@link HttpVerticle} for each event loop. */
public final class ApiVerticle extends VerticleBase {
    /**
     * Servers that listen on the same negative port share one port that the system chooses. Each API takes a number of its own.
     */
    private static final AtomicInteger SYSTEMS_CHOICE = new AtomicInteger();

    private static final Logger log = LoggerFactory.getLogger(ApiVerticle.class);
    /** Certificates are renewed days before they expire, so that a slow look is enough. */
    private static final long LOOK_AT_FILES_MILLIS = 5_000;

    private final HttpServices services;
    private final Future<Contract> contract;
    private final List<HttpVerticle> verticles = new CopyOnWriteArrayList<>();
    private Optional<TlsFiles> tls = Optional.empty();
    private String toldUnusable = "";

    /** @param contract may still be loading while other parts of the server start */
    public ApiVerticle(HttpServices services, Future<Contract> contract) {
        this.services = services;
        this.contract = contract;
    }

    @Override
    public Future<?> start() {
        // On this context: child verticles that are deployed from another one do not stop with this verticle.
        Promise<Contract> here = LoopPromise.on(context);
        contract.onComplete(here);
        tls = services.config().http().tls().map(files -> new TlsFiles(vertx, files));
        Future<?> certificate = tls.<Future<?>>map(TlsFiles::changed).orElseGet(Future::succeededFuture);
        return certificate.compose(found -> here.future()).compose(read -> {
            HttpParts parts = HttpParts.of(vertx, services, read);
            // Some hundred routes take longer to make than an event loop may block.
            return vertx.executeBlocking(() -> new ApiRouter(vertx, services, parts, this::answers).build())
                    .compose(router -> deploy(parts, router))
                    .onSuccess(listening ->
                            tls.ifPresent(files -> vertx.setPeriodic(LOOK_AT_FILES_MILLIS, look -> renew())));
        });
    }

    /** New files that can't be used are told once, and the certificate stays as it is until they are mended. */
    Future<?> renew() {
        return tls.<Future<?>>map(files -> files.changed()
                        .compose(changed -> changed
                                ? verticles.get(0).renew(files.options()).onSuccess(done -> renewed())
                                : Future.succeededFuture())
                        .recover(this::tellUnusable))
                .orElseGet(Future::succeededFuture);
    }

    private void renewed() {
        toldUnusable = "";
        log.info("the TLS certificate was reloaded; new connections use it");
    }

    private <T> Future<T> tellUnusable(Throwable e) {
        String why = String.valueOf(e.getMessage());
        if (!why.equals(toldUnusable)) {
            toldUnusable = why;
            log.error("the TLS certificate could not be reloaded; the previous one stays in use: {}", why);
        }
        return Future.succeededFuture();
    }

    /** Deploys them as children, so that they stop before the services that they use. */
    private Future<String> deploy(HttpParts parts, Router router) {
        int configured = services.config().http().port();
        int port = configured == 0 ? SYSTEMS_CHOICE.decrementAndGet() : configured;
        return vertx.deployVerticle(
                () -> {
                    HttpVerticle verticle = new HttpVerticle(services, parts, router, port, tls);
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

    /** Completes when every event loop has responded. */
    private Future<?> answers() {
        return Future.join(verticles.stream().map(HttpVerticle::answers).toList());
    }

    /** The port that the API listens on. */
    public int port() {
        return verticles.get(0).port();
    }
}
