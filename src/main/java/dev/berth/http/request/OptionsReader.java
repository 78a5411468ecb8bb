package dev.berth.http.request;

import dev.berth.config.SessionsConfig;
import dev.berth.protocol.ClientJson;
import dev.berth.protocol.Device;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.ProfileUse.SaveProfile;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Reads the {@code options} of a new session: fills in defaults and applies this server's limits. */
public final class OptionsReader {
    private static final List<String> FLAT =
            List.of("userAgent", "locale", "timezone", "device", "recording", "flightRecorder", "ignoreHttpsErrors");
    /** An option of earlier versions, which clients may still give. */
    private static final String IGNORED = "keepClientPictures";

    private static final List<String> SIZES = List.of("width", "height");
    private static final List<String> TIMEOUTS = List.of("idle", "lifetime", "reconnect");

    private final SessionsConfig config;

    public OptionsReader(SessionsConfig config) {
        this.config = config;
    }

    /** The contract has checked the types. */
    public SessionOptions read(JsonObject options) {
        JsonObject given = options.copy();
        given.remove(IGNORED);
        Object recording = options.getValue("recording", false);
        given.put("recording", !recording.equals(false))
                .put("pointerHidden", recording instanceof JsonObject how && !how.getBoolean("pointer", true));
        if (options.getValue("proxy") instanceof JsonObject rule) {
            given.put("proxy", new JsonArray().add(rule));
        }
        if (options.getValue("profile") instanceof JsonObject profile && !profile.containsKey("save")) {
            given.getJsonObject("profile").put("save", SaveProfile.ALWAYS.wireName());
        }
        given.put("timeouts", timeouts(options.getJsonObject("timeouts", new JsonObject())));
        return ClientJson.read("options.", given, otherwise(options.getString("device")));
    }

    private static SessionOptions otherwise(String device) {
        return Optional.ofNullable(device)
                .flatMap(Device::named)
                .map(known ->
                        SessionOptions.builder().viewport(known.viewport()).build())
                .orElse(SessionOptions.DEFAULT);
    }

    /** Reads the options of {@code /connect}, which are parameters of the query. */
    public SessionOptions read(QueryParameters query) {
        JsonObject options = query.only(FLAT).put("timeouts", query.only(TIMEOUTS));
        JsonObject viewport = query.only(SIZES);
        if (!viewport.isEmpty()) {
            options.put(
                    "viewport",
                    new JsonObject()
                            .put("width", Viewport.DEFAULT.width())
                            .put("height", Viewport.DEFAULT.height())
                            .mergeIn(viewport));
        }
        return read(options.mergeIn(profile(query)));
    }

    private static JsonObject profile(QueryParameters query) {
        JsonObject save = query.only(List.of("save"));
        return query.text("profile")
                .map(name -> new JsonObject().put("profile", save.put("name", name)))
                .orElseGet(() -> {
                    if (!save.isEmpty()) {
                        throw Validation.invalid("save: needs profile, the name of the profile to save");
                    }
                    return new JsonObject();
                });
    }

    private SessionTimeouts timeouts(JsonObject timeouts) {
        timeouts.forEach(timeout -> requireBounded(timeout.getKey(), ((Number) timeout.getValue()).longValue()));
        return ClientJson.read(
                "options.timeouts.",
                timeouts,
                new SessionTimeouts(config.idleTimeoutMillis(), config.lifetimeMillis(), config.reconnectMillis()));
    }

    private void requireBounded(String name, long millis) {
        if (millis > config.maxLifetimeMillis()) {
            throw Validation.invalid("options.timeouts." + name + " must be at most " + config.maxLifetimeMillis()
                    + " ms on this server");
        }
    }
}
