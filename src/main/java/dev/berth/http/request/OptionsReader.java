package dev.berth.http.request;

import dev.berth.config.SessionsConfig;
import dev.berth.protocol.Containment;
import dev.berth.protocol.Device;
import dev.berth.protocol.HostPatterns;
import dev.berth.protocol.HttpCredentials;
import dev.berth.protocol.KeptDays;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.ProxyRule;
import dev.berth.protocol.SaveProfile;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.StorageState;
import dev.berth.protocol.Viewport;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Reads the {@code options} of a new session: fills in defaults and applies this server's limits. */
public final class OptionsReader {
    private static final List<String> FLAT =
            List.of("userAgent", "locale", "timezone", "device", "recording", "flightRecorder", "ignoreHttpsErrors");
    private static final List<String> SIZES = List.of("width", "height");
    private static final List<String> TIMEOUTS = List.of("idle", "lifetime", "reconnect");

    private final SessionsConfig config;

    public OptionsReader(SessionsConfig config) {
        this.config = config;
    }

    public SessionOptions read(JsonObject options) {
        Object recording = options.getValue("recording", false);
        Optional<String> device = Optional.ofNullable(options.getString("device"));
        return SessionOptions.builder()
                .viewport(viewport(options, device))
                .timeouts(timeouts(options.getJsonObject("timeouts", new JsonObject())))
                .userAgent(Optional.ofNullable(options.getString("userAgent")))
                .locale(Optional.ofNullable(options.getString("locale")))
                .timezone(Optional.ofNullable(options.getString("timezone")))
                .device(device)
                .recording(!recording.equals(false))
                .pointerHidden(recording instanceof JsonObject how && !how.getBoolean("pointer", true))
                .flightRecorder(options.getBoolean("flightRecorder", false))
                .bodies(options.getBoolean("bodies", false))
                .ignoreHttpsErrors(options.getBoolean("ignoreHttpsErrors", false))
                .headers(JsonBody.texts(options.getJsonObject("headers", new JsonObject())))
                .httpCredentials(credentials(options.getJsonArray("httpCredentials", new JsonArray())))
                .containment(containment(options))
                .retention(
                        Optional.ofNullable(options.getJsonObject("retention")).map(OptionsReader::keptDays))
                .profile(Optional.ofNullable(options.getJsonObject("profile")).map(OptionsReader::profile))
                .storageState(Optional.ofNullable(options.getJsonObject("storageState"))
                        .map(StorageState::of))
                .build();
    }

    private static ProfileUse profile(JsonObject profile) {
        return new ProfileUse(
                profile.getString("name"),
                ProtocolJson.constant(SaveProfile.class, profile.getString("save", "always")),
                Optional.ofNullable(profile.getInteger("version")));
    }

    private static KeptDays keptDays(JsonObject retention) {
        return new KeptDays(
                Optional.ofNullable(retention.getInteger("days")),
                Optional.ofNullable(retention.getInteger("recordingDays")),
                Optional.ofNullable(retention.getInteger("artifactDays")),
                Optional.ofNullable(retention.getInteger("logDays")));
    }

    private static Containment containment(JsonObject options) {
        return new Containment(
                patterns(options, "allowedDomains"),
                patterns(options, "blockedDomains").orElse(HostPatterns.NONE),
                options.getBoolean("blockAds", false),
                rules(options.getValue("proxy", new JsonArray())));
    }

    private static Optional<HostPatterns> patterns(JsonObject options, String name) {
        return Optional.ofNullable(options.getJsonArray(name))
                .map(given -> HostPatterns.of("options." + name, JsonBody.texts(given)));
    }

    /** @param proxy one rule, or several */
    private static List<ProxyRule> rules(Object proxy) {
        JsonArray all = proxy instanceof JsonArray several ? several : new JsonArray().add(proxy);
        return all.stream()
                .map(JsonObject.class::cast)
                .map(rule -> new ProxyRule(
                        HostPatterns.of(
                                "options.proxy.domains", JsonBody.texts(rule.getJsonArray("domains", new JsonArray()))),
                        Optional.of(rule.getString("server")),
                        Optional.ofNullable(rule.getString("username")),
                        Optional.ofNullable(rule.getString("password"))))
                .toList();
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

    private static List<HttpCredentials> credentials(JsonArray credentials) {
        return credentials.stream()
                .map(JsonObject.class::cast)
                .map(each -> new HttpCredentials(
                        each.getString("origin"), each.getString("username"), each.getString("password")))
                .toList();
    }

    private static Viewport viewport(JsonObject options, Optional<String> device) {
        return Optional.ofNullable(options.getJsonObject("viewport"))
                .map(viewport -> new Viewport(viewport.getInteger("width"), viewport.getInteger("height")))
                .or(() -> device.flatMap(Device::named).map(Device::viewport))
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
