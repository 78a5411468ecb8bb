package dev.berth.http.browserless;

import dev.berth.http.request.GivenFields;
import dev.berth.http.request.IgnoredFields;
import dev.berth.http.request.Validation;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.MultiMap;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The browser that a query asks for: by parameters, by {@code launch} (JSON, or base64 of JSON), and by switches of Chrome.
 *
 * @param options the same in the contract's form
 * @param timeout milliseconds for all; empty where the query gives none
 * @param metadata labels of the session
 * @param ignored what Berth has nothing for
 */
public record Launch(JsonObject options, Optional<Long> timeout, JsonObject metadata, IgnoredFields ignored) {
    /** The label that keeps the client's own id of a session. */
    static final String TRACKING_ID = "trackingId";

    private static final String LAUNCH = "launch";
    private static final String TIMEOUT = "timeout";
    private static final long LEAST_MILLIS = 1_000;
    /** Texts of a {@code timeout} that ask for the longest one. */
    private static final Set<String> NO_TIMEOUT = Set.of("0", "-1");

    /** Parameters that others read: the key, and the session of a URL that {@code /json/version} gave. */
    private static final Set<String> READ_ELSEWHERE = Set.of("token", "session", LAUNCH);

    /** Parameters that may stand in {@code launch}, too. */
    private static final Set<String> FLAGS =
            Set.of("headless", "stealth", "ignoreDefaultArgs", "ignoreHTTPSErrors", "acceptInsecureCerts");

    /** Parameters that ask for proxies of the other server's makers. */
    private static final List<String> HOSTED_PROXIES =
            List.of("proxy", "proxyCountry", "proxyState", "proxyCity", "proxySticky");

    /** The names that options of the contract have here, for errors. */
    private static final Map<String, String> NAMES = Map.of(
            "options.viewport", "defaultViewport",
            "options.userAgent", "--user-agent",
            "options.locale", "--lang",
            "options.proxy", "--proxy-server");

    /**
     * What this server allows.
     *
     * @param maxLifetimeMillis of a session
     * @param blocksAds whether there is a list of hosts to block
     */
    public record Limits(long maxLifetimeMillis, boolean blocksAds) {}

    /** Throws {@link BerthException} that names the parameter which is wrong. */
    public static Launch of(MultiMap query, Limits limits) {
        JsonObject given = new JsonObject();
        JsonObject launch = decoded(query.get(LAUNCH));
        List<String> switches = new ArrayList<>();
        query.names().stream().filter(name -> !READ_ELSEWHERE.contains(name)).forEach(name -> {
            String value = query.get(name);
            if (name.startsWith("--")) {
                switches.add(value.isEmpty() ? name : name + "=" + value);
            } else {
                (FLAGS.contains(name) ? launch : given).put(name, flag(value));
            }
        });
        return read(new GivenFields("", given), new GivenFields(LAUNCH + ".", launch), switches, limits);
    }

    /** The value of a parameter; one without a value is a flag. */
    private static Object flag(String value) {
        return switch (value) {
            case "", "true" -> true;
            case "false" -> false;
            default -> value;
        };
    }

    private static JsonObject decoded(String text) {
        if (text == null || text.isEmpty()) {
            return new JsonObject();
        }
        try {
            return new JsonObject(text.stripLeading().startsWith("{") ? text : ofBase64(text));
        } catch (DecodeException | IllegalArgumentException e) {
            throw new BerthException(
                    ErrorCode.INVALID_ARGUMENT, LAUNCH + ": must be one JSON object, or base64 of one", e);
        }
    }

    /** A query turns a plus into a space, and some clients write base64 as URLs do. */
    private static String ofBase64(String text) {
        String usual = text.replace(' ', '+').replace('-', '+').replace('_', '/');
        return new String(Base64.getDecoder().decode(usual), StandardCharsets.UTF_8);
    }

    private static Launch read(GivenFields query, GivenFields launch, List<String> inQuery, Limits limits) {
        refuseHostedProxies(query);
        Optional<Long> timeout = query.value(TIMEOUT).map(text -> millis(text.toString(), limits));
        JsonObject timeouts = new JsonObject().put("reconnect", 0);
        timeout.ifPresent(millis -> timeouts.put("lifetime", millis).put("idle", millis));
        JsonObject options = new JsonObject()
                .put("viewport", viewport(new GivenFields("", new JsonObject())))
                .put("timeouts", timeouts);
        if (limits.blocksAds()) {
            query.flag("blockAds").ifPresent(on -> options.put("blockAds", on));
        }
        Stream.of("ignoreHTTPSErrors", "acceptInsecureCerts")
                .flatMap(name -> launch.flag(name).stream())
                .forEach(on -> options.put("ignoreHttpsErrors", on));
        launch.object("defaultViewport").ifPresent(size -> options.put("viewport", viewport(size)));
        Switches switches = new Switches(options);
        Stream.concat(launch.texts("args").stream(), inQuery.stream()).forEach(switches::read);
        query.text("externalProxyServer").ifPresent(switches::proxy);
        JsonObject metadata = new JsonObject();
        query.value(TRACKING_ID).ifPresent(id -> metadata.put(TRACKING_ID, id.toString()));
        List<String> ignored = Stream.of(query.unread(), launch.unread(), switches.ignored())
                .flatMap(List::stream)
                .toList();
        return new Launch(options, timeout, metadata, new IgnoredFields(ignored));
    }

    /** A session that went out by the server's own address instead could not take that back. */
    private static void refuseHostedProxies(GivenFields query) {
        for (String name : HOSTED_PROXIES) {
            if (query.value(name).isPresent()) {
                throw Validation.invalid(name + ": Berth has no proxies of its own; give yours as"
                        + " externalProxyServer=http://user:password@host:port");
            }
        }
    }

    private static long millis(String text, Limits limits) {
        if (NO_TIMEOUT.contains(text)) {
            return limits.maxLifetimeMillis();
        }
        long millis = text.matches("\\d{1,15}") ? Long.parseLong(text) : -1;
        if (millis < LEAST_MILLIS || millis > limits.maxLifetimeMillis()) {
            throw Validation.invalid(TIMEOUT + ": must be milliseconds from " + LEAST_MILLIS + " to "
                    + limits.maxLifetimeMillis() + ", or 0 for the most");
        }
        return millis;
    }

    /** The size of a viewport in the contract's form; sides that are not given are those of Puppeteer's pages. */
    static JsonObject viewport(GivenFields size) {
        return new JsonObject()
                .put("width", size.whole("width", 1, Viewport.MAX).orElse(800L))
                .put("height", size.whole("height", 1, Viewport.MAX).orElse(600L));
    }

    /** An error about the contract's form, with the names of this one. */
    public static Throwable renamed(Throwable e) {
        return Validation.renamed(e, NAMES);
    }
}
