package dev.berth.http.request;

import dev.berth.config.ServerConfig;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.Viewport;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code options} of a new session: defaults filled in, and checked for what a JSON schema can't say. */
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
                Optional.ofNullable(options.getString("userAgent")).map(OptionsReader::headerSafe),
                Optional.ofNullable(options.getString("locale")).map(OptionsReader::locale),
                Optional.ofNullable(options.getString("timezone")).map(OptionsReader::timezone));
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

    private static String headerSafe(String userAgent) {
        if (userAgent.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw Validation.invalid("options.userAgent must have no control characters");
        }
        return userAgent;
    }

    private static String locale(String tag) {
        try {
            return new Locale.Builder().setLanguageTag(tag).build().toLanguageTag();
        } catch (IllformedLocaleException e) {
            throw Validation.invalid("options.locale must be a BCP 47 tag, such as de-DE, not '" + tag + "'");
        }
    }

    private static String timezone(String zone) {
        try {
            ZoneId id = ZoneId.of(zone);
            if (!ZoneId.getAvailableZoneIds().contains(id.getId())) {
                throw new DateTimeException("an offset, not a zone");
            }
            return id.getId();
        } catch (DateTimeException e) {
            throw Validation.invalid(
                    "options.timezone must be an IANA name, such as Europe/Berlin, not '" + zone + "'");
        }
    }
}
