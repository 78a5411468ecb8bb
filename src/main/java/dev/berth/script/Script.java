package dev.berth.script;

import java.util.Map;
import java.util.function.Function;

/** Writes programs that do again what a session's log says was done. */
public final class Script {
    private static final Map<ScriptFormat, Function<Program, String>> PRINTERS = Map.of(
            ScriptFormat.PLAYWRIGHT_JS, program -> new PlaywrightScript(new JavaScriptSyntax()).print(program),
            ScriptFormat.PLAYWRIGHT_PYTHON, program -> new PlaywrightScript(new PythonSyntax()).print(program),
            ScriptFormat.PLAYWRIGHT_JAVA, program -> new PlaywrightScript(new JavaSyntax()).print(program),
            ScriptFormat.PUPPETEER, program -> new PuppeteerScript().print(program),
            ScriptFormat.CURL, program -> new CurlScript().print(program));

    private Script() {}

    public static String of(ScriptSource source, ScriptFormat format) {
        return PRINTERS.get(format).apply(LogReader.read(source));
    }
}
