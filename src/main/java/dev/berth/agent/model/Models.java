package dev.berth.agent.model;

import dev.berth.config.ServerConfig;
import io.vertx.core.Vertx;
import java.util.Optional;

/** The model of a server. */
public final class Models {
    private Models() {}

    /** The configured model, or empty where none is. */
    public static Optional<Model> of(ServerConfig.Ai config, Vertx vertx) {
        return Optional.empty();
    }
}
