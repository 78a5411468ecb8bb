package dev.berth.browser.screen;

import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.page.BerthWorld;
import dev.berth.browser.watch.page.PageTarget;
import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Calls the functions of {@code screen.js} on a page. A page's answer is to be read as if it came from the page itself. */
record PageLook(BerthWorld world) {
    private static final String SOURCE = read();
    /** A long list of options, or a text that is copied. */
    private static final int MAX_BYTES = 8 << 20;

    PageLook(CdpConnection connection) {
        this(new BerthWorld(connection));
    }

    private static String read() {
        try (InputStream in = PageLook.class.getResourceAsStream("screen.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value that a function gives, as JSON: {@code {"value":…}}. */
    Future<JsonObject> call(PageTarget page, long timeoutMillis, String function, Object... arguments) {
        String list = Stream.of(arguments).map(Json::encode).collect(Collectors.joining(", "));
        String expression = "JSON.stringify({value: " + SOURCE.strip() + "." + function + "(" + list + ")})";
        return world.awaitAll(page, expression, () -> timeoutMillis, MAX_BYTES).map(PageLook::value);
    }

    private static JsonObject value(JsonObject answer) {
        String text = answer.getJsonObject("result", new JsonObject()).getString("value");
        if (answer.containsKey("exceptionDetails") || text == null) {
            throw Failures.failed("the page can't be inspected");
        }
        return new JsonObject(text);
    }
}
