package dev.berth.browser.watch;

import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.Viewport;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Which commands set up a target: which events it reports, and which viewport, locale, time zone and user agent it has.
 *
 * @param bodies whether Chrome keeps the bodies of responses until they are read
 * @param defaultUserAgent read where only the locale is replaced
 */
record TargetSteps(
        Viewport viewport,
        Optional<String> userAgent,
        Optional<String> locale,
        Optional<String> timezone,
        boolean bodies,
        Supplier<String> defaultUserAgent) {
    /** For a session without options. */
    static final TargetSteps PLAIN =
            new TargetSteps(Viewport.DEFAULT, Optional.empty(), Optional.empty(), Optional.empty(), false, () -> "");

    static final JsonObject NOTHING = new JsonObject();
    static final JsonObject AUTO_ATTACH = new JsonObject()
            .put("autoAttach", true)
            .put("waitForDebuggerOnStart", true)
            .put("flatten", true);
    static final Set<String> WORKERS = Set.of("worker", "shared_worker", "service_worker");
    private static final Set<String> DOCUMENTS = Set.of("page", "iframe");
    /** Where Berth reads no bodies, Chrome keeps none, nor tells what requests contain. */
    private static final JsonObject NO_BODIES = new JsonObject()
            .put("maxTotalBufferSize", 0)
            .put("maxResourceBufferSize", 0)
            .put("maxPostDataSize", 1);
    /** Chrome holds bodies until they are read, which is at once. */
    private static final JsonObject BODIES = new JsonObject()
            .put("maxTotalBufferSize", 20 << 20)
            .put("maxResourceBufferSize", ResponseBodies.MAX_BYTES)
            .put("maxPostDataSize", 64 << 10);

    /**
     * Chrome captures 200 frames by default, for each console entry and request, of which only these are kept. CDP clients that
     * enable {@code Runtime} themselves still get all.
     */
    private static final JsonObject FRAMES = new JsonObject().put("size", CallStack.MAX_FRAMES);

    /** @param essential whether the target can't be watched if Chrome refuses the command */
    record Step(String method, JsonObject params, boolean essential) {}

    static TargetSteps of(SessionOptions options, Supplier<String> defaultUserAgent) {
        return new TargetSteps(
                options.viewport(),
                options.userAgent(),
                options.locale(),
                options.timezone(),
                options.bodies(),
                defaultUserAgent);
    }

    /** In the order in which they are to be sent. */
    List<Step> of(JsonObject target) {
        String type = target.getString("type");
        List<Step> steps = new ArrayList<>();
        if (DOCUMENTS.contains(type)) {
            document(steps, type.equals("page") && !target.containsKey("openerId"));
        } else if (WORKERS.contains(type)) {
            watch(steps, false);
        }
        return steps;
    }

    /** What a target lacks that was set up as {@link #PLAIN}. */
    List<Step> afterPlain(JsonObject target) {
        List<Step> steps = of(target);
        steps.removeAll(PLAIN.of(target));
        return steps;
    }

    private void document(List<Step> steps, boolean ownWindow) {
        steps.add(new Step("Page.enable", NOTHING, true));
        steps.add(new Step("Page.setLifecycleEventsEnabled", new JsonObject().put("enabled", true), true));
        watch(steps, true);
        if (ownWindow) {
            // A popup has the size that its opener gave it.
            steps.add(new Step("Emulation.setDeviceMetricsOverride", metrics(), true));
        }
        timezone.ifPresent(zone ->
                steps.add(new Step("Emulation.setTimezoneOverride", new JsonObject().put("timezoneId", zone), false)));
        locale.ifPresent(
                tag -> steps.add(new Step("Emulation.setLocaleOverride", new JsonObject().put("locale", tag), false)));
    }

    private void watch(List<Step> steps, boolean essential) {
        steps.add(new Step("Network.enable", bodies ? BODIES : NO_BODIES, essential));
        steps.add(new Step("Log.enable", NOTHING, essential));
        steps.add(new Step("Runtime.enable", NOTHING, true));
        steps.add(new Step("Runtime.setMaxCallStackSizeToCapture", FRAMES, false));
        steps.add(new Step("Target.setAutoAttach", AUTO_ATTACH, false));
        if (userAgent.isPresent() || locale.isPresent()) {
            steps.add(new Step("Network.setUserAgentOverride", userAgentOverride(), false));
        }
    }

    private JsonObject metrics() {
        return new JsonObject()
                .put("width", viewport.width())
                .put("height", viewport.height())
                // Pages take a screen that is smaller than its window for the sign of a bot.
                .put("screenWidth", viewport.width())
                .put("screenHeight", viewport.height())
                .put("deviceScaleFactor", 1)
                .put("mobile", false);
    }

    private JsonObject userAgentOverride() {
        JsonObject override = new JsonObject().put("userAgent", userAgent.orElseGet(defaultUserAgent));
        locale.ifPresent(tag -> override.put("acceptLanguage", tag));
        return override;
    }
}
