package dev.berth.http.browserbase;

import dev.berth.config.SessionsConfig;
import dev.berth.http.request.GivenFields;
import dev.berth.http.request.IgnoredFields;
import dev.berth.http.request.Validation;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Device.Viewport;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * The session that a body of {@code POST /v1/sessions} asks for.
 *
 * @param body the same in the contract's form
 * @param ignored the fields that Berth can't honour
 */
record GivenSession(JsonObject body, IgnoredFields ignored) {
    private static final long LEAST_SECONDS = 60;
    private static final long MOST_SECONDS = 21_600;

    /** The names that fields of the contract have here, for errors. */
    private static final Map<String, String> NAMES = Map.of(
            "options.viewport", "browserSettings.viewport",
            "options.allowedDomains", "browserSettings.allowedDomains",
            "options.profile.name", "browserSettings.context.id",
            "options.proxy", "proxies",
            "metadata", "userMetadata");

    /**
     * Throws {@link BerthException} that names the field which is wrong, or which asks for something that Berth does not have.
     *
     * @param blocksAds whether this server has a list of hosts to block
     */
    static GivenSession of(JsonObject given, SessionsConfig limits, boolean blocksAds) {
        GivenFields fields = new GivenFields("", given);
        JsonObject options = new JsonObject().put("timeouts", timeouts(fields, limits));
        fields.text("projectId");
        refuseExtension(fields);
        fields.object("browserSettings").ifPresent(settings -> read(settings, options, blocksAds));
        JsonArray proxies = GivenProxies.rules(fields);
        if (!proxies.isEmpty()) {
            options.put("proxy", proxies);
        }
        JsonObject metadata = new JsonObject();
        fields.json("userMetadata")
                .ifPresent(labels -> labels.forEach(label -> metadata.put(label.getKey(), text(label.getValue()))));
        return new GivenSession(
                new JsonObject().put("options", options).put("metadata", metadata), new IgnoredFields(fields.unread()));
    }

    /** A session of Browserbase's ends by its lifetime, and not because it is idle. */
    private static JsonObject timeouts(GivenFields fields, SessionsConfig limits) {
        long most = Math.min(MOST_SECONDS, limits.maxLifetimeMillis() / 1_000);
        long lifetime = fields.whole("timeout", LEAST_SECONDS, most)
                .map(seconds -> seconds * 1_000)
                .orElse(limits.lifetimeMillis());
        JsonObject timeouts = new JsonObject().put("lifetime", lifetime).put("idle", lifetime);
        if (fields.flag("keepAlive").orElse(false)) {
            timeouts.put("reconnect", lifetime);
        }
        return timeouts;
    }

    private static void read(GivenFields settings, JsonObject options, boolean blocksAds) {
        refuseExtension(settings);
        settings.object("viewport")
                .ifPresent(size -> options.put(
                        "viewport",
                        new JsonObject()
                                .put("width", side(size, "width", Viewport.DEFAULT.width()))
                                .put("height", side(size, "height", Viewport.DEFAULT.height()))));
        settings.object("context")
                .ifPresent(context -> options.put(
                        "profile",
                        new JsonObject()
                                .put("name", context.required("id", context::text))
                                .put("save", context.flag("persist").orElse(false) ? "always" : "never")));
        if (blocksAds) {
            settings.flag("blockAds").ifPresent(on -> options.put("blockAds", on));
        }
        JsonArray hosts = new JsonArray();
        settings.texts("allowedDomains")
                .forEach(host -> GivenProxies.withSubdomains(host).forEach(hosts::add));
        if (!hosts.isEmpty()) {
            options.put("allowedDomains", hosts);
        }
        settings.flag("recordSession").ifPresent(on -> options.put("recording", on));
        settings.flag("ignoreCertificateErrors").ifPresent(on -> options.put("ignoreHttpsErrors", on));
    }

    private static long side(GivenFields size, String name, int otherwise) {
        return size.whole(name, 1, Viewport.MAX).orElse((long) otherwise);
    }

    private static void refuseExtension(GivenFields fields) {
        if (fields.value("extensionId").isPresent()) {
            throw Validation.invalid(fields.path("extensionId")
                    + ": extensions of Berth have names: upload yours with PUT /api/extensions/:name, and create the session with"
                    + " POST /api/sessions and options.extensions");
        }
    }

    /** Labels of Berth are texts: other values are kept as their JSON. */
    private static String text(Object value) {
        return value instanceof String text ? text : Json.encode(value);
    }

    /** An error about the contract's form, with the names of this one. */
    static Throwable renamed(Throwable e) {
        return Validation.renamed(e, NAMES);
    }
}
