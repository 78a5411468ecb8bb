package dev.berth.browser.watch.target;

import dev.berth.protocol.Device;
import dev.berth.protocol.Emulation;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The user agent of a device, with the version of the Chrome that runs, and the client hints that go with it. Pure. */
final class DeviceAgent {
    /** Chrome tells this of every phone. */
    private static final String PHONE =
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1.0.0.0 Mobile Safari/537.36";

    private static final Pattern CHROME = Pattern.compile("(?<=Chrome/)(\\d+)[\\d.]*");
    private static final Pattern ANDROID = Pattern.compile("Android ([\\d.]+)(?:; (?:[a-z]{2}-[a-z]{2}; )?([^;)]+))?");

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
                .put("model", isAndroid ? Optional.ofNullable(android.group(2)).orElse("") : "")
                .put("mobile", mobile));
    }
}
