package dev.berth;

import dev.berth.config.ConfigException;
import dev.berth.config.ConfigLoader;
import dev.berth.config.ServerConfig;
import dev.berth.embedded.EmbeddedServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code java -jar berth.jar} runs a server; with {@code services}, only the embedded Postgres and S3 servers. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);
    private static final long SHUTDOWN_SECONDS = 10;
    private static final PrintStream OUT = System.out;

    private Main() {}

    public static void main(String[] arguments) {
        long startedAt = System.nanoTime();
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        ConfigLoader.load(vertx, System.getenv())
                .compose(config -> run(vertx, config, List.of(arguments), startedAt))
                .onFailure(e -> {
                    OUT.println("Berth can't start: " + explain(e));
                    vertx.close().onComplete(closed -> System.exit(1));
                });
    }

    private static Future<?> run(Vertx vertx, ServerConfig config, List<String> arguments, long startedAt) {
        if (arguments.isEmpty()) {
            return runServer(vertx, config, startedAt);
        }
        return arguments.equals(List.of("services"))
                ? runServices(vertx, config)
                : Future.failedFuture(new StartException("usage: java -jar berth.jar [services]"));
    }

    private static Future<?> runServer(Vertx vertx, ServerConfig config, long startedAt) {
        Future<Server> starting = Server.start(vertx, config);
        // From now on: a Ctrl-C while it starts must not leave a Postgres behind either.
        atShutdown(
                vertx,
                () -> starting.transform(
                        started -> started.succeeded() ? started.result().close() : Future.succeededFuture()));
        return starting.onSuccess(server -> {
            OUT.print(Banner.of(server, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt)));
            OUT.flush();
            // Starting, above all unpacking Postgres, took several times the memory that running does.
            System.gc();
        });
    }

    private static Future<?> runServices(Vertx vertx, ServerConfig config) {
        Future<DataDir> opening = vertx.executeBlocking(() -> DataDir.open(config.dataDir()));
        Future<EmbeddedServers> starting = opening.compose(dataDir -> EmbeddedServers.start(vertx, config));
        // Holds the data directory too: a lock that nobody refers to goes with the next collection of garbage.
        atShutdown(
                vertx,
                () -> starting.transform(started -> started.succeeded()
                        ? started.result().close().eventually(() -> close(vertx, opening.result()))
                        : Future.succeededFuture()));
        return starting.onSuccess(servers -> {
            OUT.print(Banner.settings(servers.addressed(config)));
            OUT.flush();
        });
    }

    private static Future<Void> close(Vertx vertx, DataDir dataDir) {
        return vertx.executeBlocking(() -> {
            dataDir.close();
            return null;
        });
    }

    private static void atShutdown(Vertx vertx, Supplier<Future<Void>> close) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(vertx, close), "berth-shutdown"));
    }

    private static void shutDown(Vertx vertx, Supplier<Future<Void>> close) {
        log.debug("shutting down");
        try {
            // One after the other from here: a future of a closed Vertx's event loop never completes.
            await(close.get());
            await(vertx.close());
        } catch (Exception e) {
            log.warn("shut down in haste: {}", e.toString());
        }
    }

    private static void await(Future<Void> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }

    /** What a person can act upon is told in one line; the unforeseen goes to the log in full. */
    private static String explain(Throwable e) {
        if (!(e instanceof ConfigException || e instanceof StartException)) {
            log.error("unforeseen", e);
        }
        return e.getMessage();
    }
}
