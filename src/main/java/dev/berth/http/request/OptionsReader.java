package dev.berth.http.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.config.RecordingConfig;
import dev.berth.config.RecordingConfig.Recorded;
import dev.berth.config.ServerConfig;
import dev.berth.config.SessionsConfig;
import dev.berth.protocol.ClientJson;
import dev.berth.protocol.Device;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.ProfileUse.SaveProfile;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.ReportCommand.ChangedTimeouts;
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
    private final RecordingConfig recording;

    public OptionsReader(ServerConfig config) {
        this.config = config.sessions();
        this.recording = config.recording();
    }

    /** The contract has checked the types. */
    public SessionOptions read(JsonObject options) {
        JsonObject given = options.copy();
        given.remove(IGNORED);
        recorded(options.getValue("recording"), given);
        if (!options.containsKey("flightRecorder")) {
            given.put("flightRecorder", recording.flightRecorder());
        }
        if (options.getValue("proxy") instanceof JsonObject rule) {
            given.put("proxy", new JsonArray().add(rule));
        }
        if (options.getValue("profile") instanceof JsonObject profile && !profile.containsKey("save")) {
            given.getJsonObject("profile").put("save", SaveProfile.ALWAYS.wireName());
        }
        given.put("timeouts", timeouts(options.getJsonObject("timeouts", new JsonObject())));
        return ClientJson.read("options.", given, otherwise(options.getString("device")));
    }

    /** {@code recording} has the forms of {@link RecordingConfig.Recorded}, and one with the pointer. */
    private void recorded(Object asked, JsonObject given) {
        JsonObject how = asked instanceof JsonObject object ? object : new JsonObject();
        Recorded recorded = asked == null
                ? recording.recorded()
                : Recorded.of(String.valueOf(asked == how ? how.getValue("keep", "true") : asked));
        given.put("recording", recorded != Recorded.NOT)
                .put("recordingOnFailure", recorded == Recorded.ON_FAILURE)
                .put("pointerHidden", !how.getBoolean("pointer", true));
    }

    /** Options as a client may give them: the inverse of {@link #read(JsonObject)}. */
    public static Object given(SessionOptions options) {
        if (!options.recording() || !options.pointerHidden() && !options.recordingOnFailure()) {
            return options;
        }
        ObjectNode given = ProtocolJson.MAPPER.valueToTree(options);
        given.remove("pointerHidden");
        given.remove("recordingOnFailure");
        if (!options.pointerHidden()) {
            return given.put("recording", Recorded.ON_FAILURE.wireName());
        }
        ObjectNode recording = given.putObject("recording").put("pointer", false);
        if (options.recordingOnFailure()) {
            recording.put("keep", Recorded.ON_FAILURE.wireName());
        }
        return given;
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
        requireBounded("options.timeouts.", timeouts);
        return ClientJson.read(
                "options.timeouts.",
                timeouts,
                new SessionTimeouts(config.idleTimeoutMillis(), config.lifetimeMillis(), config.reconnectMillis()));
    }

    /** Reads timeouts of a session that there is. */
    public ChangedTimeouts changed(JsonObject timeouts) {
        requireBounded("timeouts.", timeouts);
        return new ChangedTimeouts(
                Optional.ofNullable(timeouts.getLong("idle")), Optional.ofNullable(timeouts.getLong("lifetime")));
    }

    private void requireBounded(String path, JsonObject timeouts) {
        timeouts.forEach(timeout -> {
            if (((Number) timeout.getValue()).longValue() > config.maxLifetimeMillis()) {
                throw Validation.invalid(path + timeout.getKey() + " must be at most " + config.maxLifetimeMillis()
                        + " ms on this server");
            }
        });
    }
}
