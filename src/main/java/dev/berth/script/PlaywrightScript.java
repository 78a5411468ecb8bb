package dev.berth.script;

import dev.berth.protocol.Viewport;
import dev.berth.script.ScriptAct.Appear;
import dev.berth.script.ScriptAct.Open;
import dev.berth.script.ScriptAct.Remark;
import java.util.ArrayList;
import java.util.List;

/** A program for Playwright, in any of its languages. */
final class PlaywrightScript {
    private final Syntax syntax;
    private final PlaywrightActs acts;

    PlaywrightScript(Syntax syntax) {
        this.syntax = syntax;
        this.acts = new PlaywrightActs(syntax);
    }

    String print(Program program) {
        List<String> lines = new ArrayList<>();
        if (!program.viewport().equals(Viewport.DEFAULT)) {
            lines.add(syntax.statement(acts.resize("page1", new ScriptAct.Resize(program.viewport()))));
        }
        program.steps().forEach(step -> lines.addAll(lines(step)));
        return syntax.program(program, lines);
    }

    private List<String> lines(ScriptStep step) {
        String page = "page" + step.page();
        String act = step.act().print(acts, page);
        if (step.act() instanceof Remark) {
            return List.of(act);
        } else if (step.act() instanceof Open || step.act() instanceof Appear) {
            return List.of(syntax.declare(page, act));
        }
        List<String> lines = new ArrayList<>();
        String whole = step.downloads() ? syntax.helper("download", List.of(page, syntax.later(act))) : act;
        step.opens()
                .ifPresentOrElse(
                        opened -> lines.addAll(syntax.opens("page" + opened, whole)),
                        () -> lines.add(syntax.statement(whole)));
        step.place()
                .ifPresent(place ->
                        lines.add(syntax.statement(syntax.call(page, "waitForURL", List.of(syntax.words(place))))));
        return lines;
    }
}
