package dev.berth.webdriver;

import dev.berth.protocol.Truncation;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command of WebDriver's classic protocol, as the action log names it.
 *
 * @param name such as {@code POST /element/click}, without ids
 * @param element that it is about, or within which it looks for others: chromedriver's id
 * @param locator by which it looks for elements, a selector of Berth's where it can be one
 */
record DriverCommand(String name, Optional<String> element, Optional<String> locator) {
    private static final Pattern OF_ELEMENT = Pattern.compile("/(element|shadow)/([^/]+)(/.*)?");
    private static final Pattern FINDS = Pattern.compile("POST (?:/shadow|/element)?/elements?");
    /** Limit for a locator, which a client chooses: characters. */
    private static final int MAX_CHARS = 500;

    /** Limit for the body of a command that looks for elements, which a client chooses, and which is parsed here: bytes. */
    private static final int MAX_BODY_BYTES = 16 << 10;

    /** The verbs of Berth that do the same. */
    private static final Map<String, String> VERBS = Map.of(
            "POST /element/click", "click",
            "POST /element/value", "fill",
            "POST /element/clear", "fill",
            "POST /url", "navigate",
            "POST /execute/sync", "evaluate",
            "POST /execute/async", "evaluate",
            "GET /screenshot", "screenshot",
            "GET /element/screenshot", "screenshot",
            "POST /print", "pdf");

    /** @param path below {@code /session/ID} */
    static DriverCommand of(HttpMethod method, String path, Buffer body) {
        Matcher inner = OF_ELEMENT.matcher(path);
        boolean within = inner.matches();
        String rest = within ? Optional.ofNullable(inner.group(3)).orElse("") : path;
        String name = method.name() + ' ' + (within ? '/' + inner.group(1) + rest : path);
        Optional<String> element = within ? Optional.of(inner.group(2)) : Optional.empty();
        boolean finds = FINDS.matcher(name).matches() && body.length() <= MAX_BODY_BYTES;
        return new DriverCommand(name, element, finds ? locator(body) : Optional.empty());
    }

    private static Optional<String> locator(Buffer body) {
        try {
            JsonObject given = new JsonObject(body);
            if (!(given.getValue("using") instanceof String strategy
                    && given.getValue("value") instanceof String text)) {
                return Optional.empty(); // chromedriver refuses it
            }
            String value = Truncation.cut(text, MAX_CHARS);
            return Optional.of(
                    switch (strategy) {
                        case "css selector", "tag name" -> value;
                        case "xpath", "link text", "partial link text" -> strategy + '=' + value;
                        default -> "unknown strategy=" + value;
                    });
        } catch (DecodeException e) {
            return Optional.empty(); // chromedriver refuses it
        }
    }

    /** Whether it looks for elements. */
    boolean finds() {
        return FINDS.matcher(name).matches();
    }

    /** Whether clients repeat it until it succeeds, as they wait for a page. */
    boolean polls() {
        return finds() || name.startsWith("GET ");
    }

    /** The type of an action. */
    String type() {
        return finds() ? "find" : VERBS.getOrDefault(name, "webdriver");
    }
}
