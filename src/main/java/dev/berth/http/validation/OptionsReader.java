package dev.berth.http.validation;

import dev.berth.config.ServerConfig;
import dev.berth.http.request.Validation;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.Viewport;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Reads the {@code options} of a new session: fills in defaults and applies this server's limits. */
public final class OptionsReader {
    private final ServerConfig.Sessions config;

    public OptionsReader(ServerConfig.Sessions config) {
        this.config = config;
    }

    public SessionOptions read(JsonObject options) {
        return new SessionOptions(
                SessionOptions.CHROMIUM,
                viewport(options),
                timeouts(options.getJsonObject("timeouts", new JsonObject())),
                Optional.ofNullable(options.getString("userAgent")),
                Optional.ofNullable(options.getString("locale")),
                Optional.ofNullable(options.getString("timezone")),
                options.getBoolean("recording", false),
                options.getBoolean("flightRecorder", false),
                options.getBoolean("bodies", false));
    }

    private static Viewport viewport(JsonObject options) {
        return Optional.ofNullable(options.getJsonObject("viewport"))
                .map(viewport -> new Viewport(viewport.getInteger("width"), viewport.getInteger("height")))
                .orElse(Viewport.DEFAULT);
    }

    private SessionTimeouts timeouts(JsonObject timeouts) {
        return new SessionTimeouts(
                bounded("idle", timeouts.getLong("idle", config.idleTimeoutMillis())),
                bounded("lifetime", timeouts.getLong("lifetime", config.lifetimeMillis())),
                bounded("reconnect", timeouts.getLong("reconnect", config.reconnectMillis())));
    }

    private long bounded(String name, long millis) {
        if (millis > config.maxLifetimeMillis()) {
            throw Validation.invalid("options.timeouts." + name + " must be at most " + config.maxLifetimeMillis()
                    + " ms on this server");
        }
        return millis;
    }
}
