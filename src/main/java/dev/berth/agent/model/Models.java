package dev.berth.agent.model;

import dev.berth.config.ServerConfig;
import io.vertx.core.Vertx;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The model of a server. */
public final class Models {
    private static final Logger log = LoggerFactory.getLogger(Models.class);

    private Models() {}

    /** The configured model, or empty where none is. */
    public static Optional<Model> of(ServerConfig.Ai config, Vertx vertx) {
        if (config.model().isPresent()) {
            log.info(
                    "AI tasks use the model {} ({})",
                    config.model().get(),
                    config.provider().name().toLowerCase(Locale.ROOT));
            warnOfPrices(config);
        }
        return config.model().map(name -> new RemoteModel(config, vertx, Attempts.Pauses.USUAL));
    }

    /** A model of one's own has no price; one with a key has, and without it no limit of cost holds. */
    private static void warnOfPrices(ServerConfig.Ai config) {
        if (config.apiKey().isPresent() && (config.priceInput() == 0 || config.priceOutput() == 0)) {
            log.warn("ai.price-input or ai.price-output is 0, so the cost of AI tasks is not limited");
        }
    }
}
