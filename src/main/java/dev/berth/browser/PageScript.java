package dev.berth.browser;

import io.vertx.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The script {@code page.js} as expressions that call one of its functions. */
final class PageScript {
    private static final String SOURCE = read();

    private PageScript() {}

    private static String read() {
        try (InputStream in = PageScript.class.getResourceAsStream("page.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An expression: {@code function(arguments…)}. */
    static String call(String function, Object... arguments) {
        String list = Stream.of(arguments).map(Json::encode).collect(Collectors.joining(", "));
        return "(" + SOURCE + ")." + function + "(" + list + ")";
    }

    /** A function declaration: {@code function(this, arguments…)}. */
    static String method(String function) {
        return "function(...rest) { return (" + SOURCE + ")." + function + "(this, ...rest); }";
    }
}
