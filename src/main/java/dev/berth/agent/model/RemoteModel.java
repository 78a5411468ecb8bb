package dev.berth.agent.model;

import dev.berth.config.AiConfig;
import dev.berth.protocol.Cost;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model behind a provider's API over HTTP. */
public final class RemoteModel implements Model {
    private static final Logger log = LoggerFactory.getLogger(RemoteModel.class);
    /** Timeout of a connection: with a host that does not answer, the third try still begins within ten seconds. */
    private static final int CONNECT_MILLIS = 2_000;
    /** How long a connection waits for the next turn: seconds. */
    private static final int KEEP_ALIVE_SECONDS = 30;

    private final AiConfig config;
    private final Vertx vertx;
    private final Api api;
    private final Prices prices;
    private final Attempts.Pauses pauses;
    private final HttpClient client;
    private final String url;

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
        url = config.baseUrl().map(URI::toString).orElse(api.ownUrl()).replaceAll("/+$", "") + api.path();
        client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS).setKeepAliveTimeout(KEEP_ALIVE_SECONDS),
                new PoolOptions().setHttp1MaxSize(config.maxTasks()));
    }

    @Override
    public Asking ask(Prompt prompt, double maxUsd) {
        Attempts attempts = new Attempts(
                vertx,
                () -> new Exchange(vertx, client, config.apiKey(), config.timeoutMillis()),
                exchange -> send(prompt, exchange),
                prices,
                most(prompt),
                maxUsd,
                pauses);
        attempts.begin();
        return attempts;
    }

    /** Prompts hold pictures, so a worker thread writes and reads what is sent. */
    private Future<Api.Reply> send(Prompt prompt, Exchange exchange) {
        return vertx.executeBlocking(() -> api.request(prompt).toBuffer(), false)
                .compose(body -> exchange.send(options(), body))
                .compose(body -> vertx.executeBlocking(() -> reply(body, prompt), false));
    }

    private RequestOptions options() {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(url)
                .putHeader("content-type", "application/json")
                .putHeader("accept", "application/json");
        api.headers().forEach(options::putHeader);
        return options;
    }

    private Api.Reply reply(Buffer body, Prompt prompt) {
        return prices.counted(api.reply(new JsonObject(body)), prompt, sees());
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
        return client.close();
    }
}
