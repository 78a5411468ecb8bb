package dev.berth.browser.watch;

import dev.berth.browser.watch.TargetSteps.Step;
import dev.berth.protocol.Emulation;
import dev.berth.protocol.NetworkCondition;
import dev.berth.protocol.Viewport;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The commands that make a target find the browser to be what it is not. Pure.
 *
 * @param defaultUserAgent read where only the locale is replaced
 */
record EmulationSteps(Emulation emulation, Supplier<String> defaultUserAgent) {
    private static final int TOUCH_POINTS = 5;
    /** Takes each of them back, except a page's size, which always has one. */
    private static final Map<String, JsonObject> UNDO = Map.of(
            "Network.setUserAgentOverride", new JsonObject().put("userAgent", ""),
            "Network.emulateNetworkConditions", network(NetworkCondition.ONLINE),
            "Emulation.setTimezoneOverride", new JsonObject().put("timezoneId", ""),
            "Emulation.setLocaleOverride", TargetSteps.NOTHING,
            "Emulation.setEmulatedMedia", TargetSteps.NOTHING,
            "Emulation.setTouchEmulationEnabled", new JsonObject().put("enabled", false),
            "Emulation.setCPUThrottlingRate", new JsonObject().put("rate", 1));

    /** From the one to the other. */
    static List<Step> changes(List<Step> before, List<Step> after) {
        Set<String> kept = after.stream().map(Step::method).collect(Collectors.toSet());
        return Stream.concat(
                        before.stream()
                                .filter(step -> !kept.contains(step.method()))
                                .map(step -> new Step(step.method(), UNDO.get(step.method()), false)),
                        after.stream().filter(step -> !before.contains(step)))
                .toList();
    }

    List<Step> worker() {
        List<Step> steps = new ArrayList<>();
        if (emulation.userAgent().isPresent() || emulation.locale().isPresent()) {
            steps.add(new Step("Network.setUserAgentOverride", userAgent(), false));
        }
        if (emulation.network() != NetworkCondition.ONLINE) {
            steps.add(new Step("Network.emulateNetworkConditions", network(emulation.network()), false));
        }
        return steps;
    }

    /** @param ownSize whether it has not the size that its opener gave it */
    List<Step> document(boolean isPage, boolean ownSize) {
        List<Step> steps = worker();
        if (isPage && ownSize) {
            steps.add(new Step("Emulation.setDeviceMetricsOverride", metrics(), true));
        }
        if (isPage && emulation.mobile()) {
            steps.add(new Step("Emulation.setTouchEmulationEnabled", touch(), false));
        }
        add(steps, "Emulation.setTimezoneOverride", "timezoneId", emulation.timezone());
        add(steps, "Emulation.setLocaleOverride", "locale", emulation.locale());
        emulation.colorScheme().ifPresent(scheme -> steps.add(media(scheme.wireName())));
        if (emulation.cpuSlowdown() != 1) {
            add(steps, "Emulation.setCPUThrottlingRate", "rate", Optional.of(emulation.cpuSlowdown()));
        }
        return steps;
    }

    private static void add(List<Step> steps, String method, String field, Optional<?> value) {
        value.ifPresent(set -> steps.add(new Step(method, new JsonObject().put(field, set), false)));
    }

    private JsonObject metrics() {
        Viewport viewport = emulation.viewport();
        return new JsonObject()
                .put("width", viewport.width())
                .put("height", viewport.height())
                // Pages take a screen that is smaller than its window for the sign of a bot.
                .put("screenWidth", viewport.width())
                .put("screenHeight", viewport.height())
                .put("deviceScaleFactor", emulation.deviceScaleFactor())
                .put("mobile", emulation.mobile());
    }

    private JsonObject userAgent() {
        JsonObject override =
                new JsonObject().put("userAgent", emulation.userAgent().orElseGet(defaultUserAgent));
        emulation.locale().ifPresent(tag -> override.put("acceptLanguage", tag));
        return override;
    }

    private static JsonObject touch() {
        return new JsonObject().put("enabled", true).put("maxTouchPoints", TOUCH_POINTS);
    }

    private static Step media(String scheme) {
        JsonObject feature =
                new JsonObject().put("name", "prefers-color-scheme").put("value", scheme);
        return new Step(
                "Emulation.setEmulatedMedia", new JsonObject().put("features", new JsonArray().add(feature)), false);
    }

    private static JsonObject network(NetworkCondition condition) {
        return new JsonObject()
                .put("offline", condition == NetworkCondition.OFFLINE)
                .put("latency", condition.latencyMillis())
                .put("downloadThroughput", condition.downBytesPerSecond())
                .put("uploadThroughput", condition.upBytesPerSecond());
    }
}
