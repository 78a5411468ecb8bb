package dev.berth.agent.model;

import dev.berth.config.ServerConfig;
import dev.berth.protocol.Cost;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;

/** A model behind a provider's API over HTTP. */
final class RemoteModel implements Model {
    private final ServerConfig.Ai config;
    private final Vertx vertx;
    private final Api api;
    private final Prices prices;
    private final Attempts.Pauses pauses;
    private final WorkerExecutor workers;
    private final Connections connections = new Connections();

    RemoteModel(ServerConfig.Ai config, Vertx vertx, Attempts.Pauses pauses) {
        this.config = config;
        this.vertx = vertx;
        this.pauses = pauses;
        prices = Prices.of(config);
        api = config.provider() == ServerConfig.Ai.Provider.ANTHROPIC
                ? new AnthropicApi(config)
                : new OpenAiApi(config);
        long maxMillis = 2 * config.timeoutMillis();
        workers = vertx.createSharedWorkerExecutor("berth-model", config.maxTasks(), maxMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public Asking ask(Prompt prompt, double maxUsd) {
        Attempts attempts = new Attempts(
                (ContextInternal) vertx.getOrCreateContext(),
                workers,
                () -> new Exchange(connections, config.apiKey(), config.timeoutMillis()),
                exchange -> prices.counted(api.send(prompt, exchange), prompt, sees()),
                prices,
                most(prompt),
                maxUsd,
                pauses);
        attempts.begin();
        return attempts;
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
