package dev.berth.script;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionId;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A program that does again what a session's log says was done: what it is made of, and its text in each format.
 *
 * @param berthUrl where the server is reached, without a slash at its end
 * @param viewport that the session began with
 * @param actions oldest first
 * @param left how many later actions are not among them
 * @param navigations of the session, as far as they are known
 */
public record Script(
        SessionId session,
        String berthUrl,
        Viewport viewport,
        List<ActionEntry> actions,
        long left,
        List<NavigationEntry> navigations) {
    private static final Map<ScriptFormat, Function<Program, String>> PRINTERS = Map.of(
            ScriptFormat.PLAYWRIGHT_JS, program -> new PlaywrightScript(new JavaScriptSyntax()).print(program),
            ScriptFormat.PLAYWRIGHT_PYTHON, program -> new PlaywrightScript(new PythonSyntax()).print(program),
            ScriptFormat.PLAYWRIGHT_JAVA, program -> new PlaywrightScript(new JavaSyntax()).print(program),
            ScriptFormat.PUPPETEER, program -> new PuppeteerScript().print(program),
            ScriptFormat.CURL, program -> new CurlScript().print(program));

    public Script {
        actions = List.copyOf(actions);
        navigations = List.copyOf(navigations);
    }

    /** The text of the program. */
    public String in(ScriptFormat format) {
        return PRINTERS.get(format).apply(ProgramBuilder.read(this));
    }
}
