package dev.berth.script;

import java.util.List;

/** Writes what a step does in one format, as one expression, or line. The page is given by the name of its variable. */
interface ActPrinter {
    String go(String page, ScriptAct.Go act);

    String travel(String page, ScriptAct.Travel act);

    String click(String page, ScriptAct.Click act);

    String hover(String page, ScriptAct.Hover act);

    String drag(String page, ScriptAct.Drag act);

    String type(String page, ScriptAct.Type act);

    String fill(String page, ScriptAct.Fill act);

    String press(String page, ScriptAct.Press act);

    String choose(String page, ScriptAct.Choose act);

    String scroll(String page, ScriptAct.Scroll act);

    String await(String page, ScriptAct.Await act);

    String upload(String page, ScriptAct.Upload act);

    String mouse(String page, ScriptAct.Mouse act);

    String picture(String page, ScriptAct.Picture act);

    String pdf(String page, ScriptAct.Print act);

    String evaluate(String page, ScriptAct.Evaluate act);

    String resize(String page, ScriptAct.Resize act);

    String activate(String page);

    String close(String page);

    String answer(ScriptAct.Answer act);

    String open();

    String appear(List<Integer> known);

    String remark(String text);
}
