package dev.berth.agent.model;

import dev.berth.config.AiConfig;
import dev.berth.protocol.Cost;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model behind a provider's API over HTTP. */
public final class RemoteModel implements Model {
    private static final Logger log = LoggerFactory.getLogger(RemoteModel.class);
    /** Timeout of a connection: with a host that does not answer, the third try still begins within ten seconds. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final AiConfig config;
    private final Vertx vertx;
    private final Api api;
    private final Prices prices;
    private final Attempts.Pauses pauses;
    private final WorkerExecutor workers;
    /** The HTTP client of all calls. */
    private HttpClient connections;

    /** The configured model; empty where none is. */
    public static Optional<Model> of(AiConfig config, Vertx vertx) {
        config.model().ifPresent(name -> {
            log.info(
                    "AI tasks use the model {} ({})",
                    name,
                    config.provider().name().toLowerCase(Locale.ROOT));
            // A model of one's own has no price; one with a key has, and without it no limit of cost holds.
            if (config.apiKey().isPresent() && (config.priceInput() == 0 || config.priceOutput() == 0)) {
                log.warn("ai.price-input or ai.price-output is 0, so the cost of AI tasks is not limited");
            }
        });
        return config.model().map(name -> new RemoteModel(config, vertx, Attempts.Pauses.USUAL));
    }

    RemoteModel(AiConfig config, Vertx vertx, Attempts.Pauses pauses) {
        this.config = config;
        this.vertx = vertx;
        this.pauses = pauses;
        prices = Prices.of(config);
        api = config.provider() == AiConfig.Provider.ANTHROPIC ? new AnthropicApi(config) : new OpenAiApi(config);
        long maxMillis = 2 * config.timeoutMillis();
        workers = vertx.createSharedWorkerExecutor("berth-model", config.maxTasks(), maxMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public Asking ask(Prompt prompt, double maxUsd) {
        Attempts attempts = new Attempts(
                vertx,
                workers,
                () -> new Exchange(this::connections, config.apiKey(), config.timeoutMillis()),
                exchange -> prices.counted(api.send(prompt, exchange), prompt, sees()),
                prices,
                most(prompt),
                maxUsd,
                pauses);
        attempts.begin();
        return attempts;
    }

    /**
     * Made by the first call, on its worker thread, since that takes a while. HTTP/1.1: giving up a call closes its connection, by which
     * the provider notices.
     */
    private synchronized HttpClient connections() {
        if (connections == null) {
            connections = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build();
        }
        return connections;
    }

    @Override
    public Cost most(Prompt prompt) {
        return prices.most(prompt, sees());
    }

    @Override
    public boolean sees() {
        return config.vision();
    }

    @Override
    public String name() {
        return config.model().orElseThrow();
    }

    @Override
    public Future<Void> close() {
        return workers.close();
    }
}
