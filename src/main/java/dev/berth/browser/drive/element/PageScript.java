package dev.berth.browser.drive.element;

import io.vertx.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The source of {@code page.js}, with those of {@code roles.js} and {@code names.js}, and expressions that call its functions. {@link ScriptRunner} runs them. */
public final class PageScript {
    private static final String SOURCE =
            "((roles, naming) => " + read("page.js") + ")(" + read("roles.js") + ", " + read("names.js") + ")";
    private static final String RECORDER =
            read("recorder.js").replaceAll("(?m)^//.*\n", "").strip();

    /** Has each document of a frame tell what people do there, by a function of this name. For Berth's world; twice in a document is once. */
    public static String recorder(String teller) {
        return "globalThis.berthRecorder?.stop(); globalThis.berthRecorder = (" + RECORDER + ")(() => " + SOURCE
                + ", text => globalThis." + teller + "?.(text)); 0";
    }

    /** A function declaration that describes its {@code this}. */
    public static final String DESCRIBE = read("describe.js").replaceAll("(?m)^//.*\n", "");

    private PageScript() {}

    private static String read(String name) {
        try (InputStream in = PageScript.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The result of a call in a world that does not have the script yet. */
    static final String MISSING = "berth is missing";

    /** Installs the script in a world, for the lifetime of its document; so the long source is sent only once. */
    static String install() {
        return "globalThis.berth = " + SOURCE + "; 0";
    }

    /** An expression: {@code function(arguments…)}, in a world that has the script. */
    static String call(String function, Object... arguments) {
        String list = Stream.of(arguments).map(Json::encode).collect(Collectors.joining(", "));
        return "globalThis.berth ? berth." + function + "(" + list + ") : '" + MISSING + "'";
    }

    /** A function declaration: {@code function(this, arguments…)}, in a world that has the script. */
    static String method(String function) {
        return "function(...rest) { return berth." + function + "(this, ...rest); }";
    }

    /** The same for the page's own world, in which the script must not be installed. */
    public static String methodWithin(String function) {
        return "function(...rest) { return (" + SOURCE + ")." + function + "(this, ...rest); }";
    }
}
