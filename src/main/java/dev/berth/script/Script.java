package dev.berth.script;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A program that repeats the actions of a session's log: the log, and the text of the program in each format.
 *
 * @param berthUrl the address of the server, without a slash at its end
 * @param viewport the viewport at the session's beginning
 * @param actions the actions, oldest first
 * @param left the number of later actions that the program leaves out
 * @param navigations the navigations of the session, as far as the server knows them
 */
public record Script(
        SessionId session,
        String berthUrl,
        Viewport viewport,
        List<ActionEntry> actions,
        long left,
        List<NavigationEntry> navigations) {
    private static final Map<ScriptFormat, Supplier<Printer>> PRINTERS = Map.of(
            ScriptFormat.PLAYWRIGHT_JS, () -> new PlaywrightScript(new JavaScriptSyntax()),
            ScriptFormat.PLAYWRIGHT_PYTHON, () -> new PlaywrightScript(new PythonSyntax()),
            ScriptFormat.PLAYWRIGHT_JAVA, () -> new PlaywrightScript(new JavaSyntax()),
            ScriptFormat.PUPPETEER, PuppeteerScript::new,
            ScriptFormat.CURL, CurlScript::new);

    /** The writer of one format. */
    interface Printer {
        /** The verbs that the format has a counterpart for. */
        Set<String> verbs();

        String print(Program program);
    }

    public Script {
        actions = List.copyOf(actions);
        navigations = List.copyOf(navigations);
    }

    /** The text of the program. */
    public String in(ScriptFormat format) {
        Printer printer = PRINTERS.get(format).get();
        return printer.print(ProgramBuilder.read(this, printer.verbs()));
    }
}
