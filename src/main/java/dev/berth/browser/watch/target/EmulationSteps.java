package dev.berth.browser.watch.target;

import dev.berth.browser.watch.target.TargetSteps.SetupCommand;
import dev.berth.protocol.Device;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.Emulation;
import dev.berth.protocol.Emulation.Geolocation;
import dev.berth.protocol.Emulation.NetworkCondition;
import dev.berth.protocol.Emulation.Permission;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The commands that make a target find the browser to be what it is not. Pure.
 *
 * @param defaultUserAgent Chrome's own: read where a part of it remains
 */
record EmulationSteps(Emulation emulation, Supplier<String> defaultUserAgent) {
    private static final int TOUCH_POINTS = 5;
    /** Takes each of them back, except a page's size, which always has one. */
    private static final Map<String, SetupCommand> UNDO = Map.of(
            "Network.setUserAgentOverride",
            undo("Network.setUserAgentOverride", "userAgent", ""),
            "Network.emulateNetworkConditions",
            new SetupCommand("Network.emulateNetworkConditions", network(NetworkCondition.ONLINE), false),
            "Emulation.setTimezoneOverride",
            undo("Emulation.setTimezoneOverride", "timezoneId", ""),
            "Emulation.setLocaleOverride",
            new SetupCommand("Emulation.setLocaleOverride", TargetSteps.NOTHING, false),
            "Emulation.setEmulatedMedia",
            new SetupCommand("Emulation.setEmulatedMedia", TargetSteps.NOTHING, false),
            "Emulation.setTouchEmulationEnabled",
            undo("Emulation.setTouchEmulationEnabled", "enabled", false),
            "Emulation.setCPUThrottlingRate",
            undo("Emulation.setCPUThrottlingRate", "rate", 1),
            // Without a place, setGeolocationOverride makes it unknown.
            "Emulation.setGeolocationOverride",
            new SetupCommand("Emulation.clearGeolocationOverride", TargetSteps.NOTHING, false));

    private static final Map<Permission, String> CHROMES = Map.ofEntries(
            Map.entry(Permission.GEOLOCATION, "geolocation"),
            Map.entry(Permission.NOTIFICATIONS, "notifications"),
            Map.entry(Permission.CAMERA, "videoCapture"),
            Map.entry(Permission.MICROPHONE, "audioCapture"),
            Map.entry(Permission.CLIPBOARD_READ, "clipboardReadWrite"),
            Map.entry(Permission.CLIPBOARD_WRITE, "clipboardSanitizedWrite"),
            Map.entry(Permission.STORAGE_ACCESS, "storageAccess"),
            Map.entry(Permission.LOCAL_FONTS, "localFonts"),
            Map.entry(Permission.MIDI, "midi"),
            Map.entry(Permission.BACKGROUND_SYNC, "backgroundSync"),
            Map.entry(Permission.PAYMENT_HANDLER, "paymentHandler"));

    private static SetupCommand undo(String method, String field, Object value) {
        return new SetupCommand(method, new JsonObject().put(field, value), false);
    }

    /** Chrome's names of permissions. */
    static JsonArray chromes(List<Permission> permissions) {
        return new JsonArray(permissions.stream().map(CHROMES::get).toList());
    }

    /** The commands that lead from one emulation to the other. */
    static List<SetupCommand> changes(List<SetupCommand> before, List<SetupCommand> after) {
        Set<String> kept = after.stream().map(SetupCommand::method).collect(Collectors.toSet());
        return Stream.concat(
                        before.stream()
                                .filter(step -> !kept.contains(step.method()))
                                .map(step -> UNDO.get(step.method())),
                        after.stream().filter(step -> !before.contains(step)))
                .toList();
    }

    List<SetupCommand> worker() {
        List<SetupCommand> steps = new ArrayList<>();
        Optional<String> ofDevice = ofDevice();
        if (emulation.userAgent().isPresent() || emulation.locale().isPresent() || ofDevice.isPresent()) {
            steps.add(new SetupCommand("Network.setUserAgentOverride", userAgent(ofDevice), false));
        }
        if (emulation.network() != NetworkCondition.ONLINE) {
            steps.add(new SetupCommand("Network.emulateNetworkConditions", network(emulation.network()), false));
        }
        return steps;
    }

    /** @param ownSize whether it has not the size that its opener gave it */
    List<SetupCommand> document(boolean isPage, boolean ownSize) {
        List<SetupCommand> steps = worker();
        if (isPage && ownSize) {
            steps.add(new SetupCommand("Emulation.setDeviceMetricsOverride", metrics(), true));
        }
        if (isPage && emulation.mobile()) {
            steps.add(new SetupCommand("Emulation.setTouchEmulationEnabled", touch(), false));
        }
        if (isPage) {
            emulation.geolocation().ifPresent(at -> steps.add(geolocation(at)));
        }
        add(steps, "Emulation.setTimezoneOverride", "timezoneId", emulation.timezone());
        add(steps, "Emulation.setLocaleOverride", "locale", emulation.locale());
        if (emulation.colorScheme().isPresent() || emulation.media().isPresent()) {
            steps.add(media());
        }
        if (emulation.cpuSlowdown() != 1) {
            add(steps, "Emulation.setCPUThrottlingRate", "rate", Optional.of(emulation.cpuSlowdown()));
        }
        return steps;
    }

    private static void add(List<SetupCommand> steps, String method, String field, Optional<?> value) {
        value.ifPresent(set -> steps.add(new SetupCommand(method, new JsonObject().put(field, set), false)));
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

    private Optional<String> ofDevice() {
        return emulation.userAgent().isPresent() || emulation.device().isEmpty() && !emulation.mobile()
                ? Optional.empty()
                : DeviceAgent.of(emulation, defaultUserAgent.get());
    }

    private JsonObject userAgent(Optional<String> ofDevice) {
        JsonObject override = new JsonObject()
                .put("userAgent", emulation.userAgent().or(() -> ofDevice).orElseGet(defaultUserAgent));
        ofDevice.flatMap(text -> DeviceAgent.hints(text, emulation.mobile()))
                .ifPresent(hints -> override.put("userAgentMetadata", hints));
        emulation.locale().ifPresent(tag -> override.put("acceptLanguage", tag));
        return override;
    }

    private static SetupCommand geolocation(Geolocation at) {
        JsonObject place = new JsonObject()
                .put("latitude", at.latitude())
                .put("longitude", at.longitude())
                .put("accuracy", at.accuracy().orElseThrow());
        return new SetupCommand("Emulation.setGeolocationOverride", place, false);
    }

    private static JsonObject touch() {
        return new JsonObject().put("enabled", true).put("maxTouchPoints", TOUCH_POINTS);
    }

    /** Chrome takes back what a command does not have. */
    SetupCommand media() {
        JsonObject media = new JsonObject();
        emulation.media().ifPresent(type -> media.put("media", type.wireName()));
        emulation
                .colorScheme()
                .map(scheme ->
                        new JsonObject().put("name", "prefers-color-scheme").put("value", scheme.wireName()))
                .ifPresent(feature -> media.put("features", new JsonArray().add(feature)));
        return new SetupCommand("Emulation.setEmulatedMedia", media, false);
    }

    private static JsonObject network(NetworkCondition condition) {
        return new JsonObject()
                .put("offline", condition == NetworkCondition.OFFLINE)
                .put("latency", condition.latencyMillis())
                .put("downloadThroughput", condition.downBytesPerSecond())
                .put("uploadThroughput", condition.upBytesPerSecond());
    }

    /** The user agent of a device, with the version of the Chrome that runs, and the client hints that go with it. Pure. */
    static final class DeviceAgent {
        /** Chrome tells this of every phone. */
        private static final String PHONE =
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1.0.0.0 Mobile Safari/537.36";

        private static final Pattern CHROME = Pattern.compile("(?<=Chrome/)(\\d+)[\\d.]*");
        private static final Pattern ANDROID =
                Pattern.compile("Android ([\\d.]+)(?:; (?:[a-z]{2}-[a-z]{2}; )?([^;)]+))?");

        private DeviceAgent() {}

        /** Empty where it is Chrome's own: neither a named device nor a phone. */
        static Optional<String> of(Emulation emulation, String own) {
            return emulation
                    .device()
                    .flatMap(Device::named)
                    .map(Device::userAgent)
                    .or(() -> emulation.mobile() ? Optional.of(PHONE) : Optional.empty())
                    .map(text -> withVersion(text, own));
        }

        private static String withVersion(String text, String own) {
            Matcher version = CHROME.matcher(own);
            // Chrome tells pages no more than that.
            return version.find() ? CHROME.matcher(text).replaceAll(version.group(1) + ".0.0.0") : text;
        }

        /** CDP's {@code Emulation.UserAgentMetadata}; empty for browsers that send no client hints. */
        static Optional<JsonObject> hints(String text, boolean mobile) {
            if (!CHROME.matcher(text).find()) {
                return Optional.empty();
            }
            Matcher android = ANDROID.matcher(text);
            boolean isAndroid = android.find();
            return Optional.of(new JsonObject()
                    .put("platform", isAndroid ? "Android" : "Windows")
                    .put("platformVersion", isAndroid ? android.group(1) : "10.0.0")
                    .put("architecture", isAndroid ? "" : "x86")
                    .put(
                            "model",
                            isAndroid ? Optional.ofNullable(android.group(2)).orElse("") : "")
                    .put("mobile", mobile));
        }
    }
}
