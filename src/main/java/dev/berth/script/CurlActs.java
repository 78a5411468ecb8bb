package dev.berth.script;

import dev.berth.protocol.Pointing;
import dev.berth.protocol.Pointing.Offset;
import dev.berth.protocol.VerbChoices.WaitUntil;
import dev.berth.script.Bash.CurlFields;
import dev.berth.script.ScriptSelector.ScriptTarget;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Acts as Berth's REST verbs do them. */
final class CurlActs implements ActPrinter {
    private static CurlFields on(ScriptTarget target) {
        return new CurlFields().text("selector", target.selector().text());
    }

    private static CurlFields on(Optional<ScriptTarget> target) {
        return target.map(CurlActs::on).orElseGet(CurlFields::new);
    }

    private static String verb(String name, String page, CurlFields fields) {
        String word = fields.word();
        return "verb " + name + " \"$" + page + "\"" + (word.isEmpty() ? "" : " " + word);
    }

    private static CurlFields pointing(CurlFields fields, Pointing pointing) {
        pointing.position().ifPresent(position -> fields.json("position", point(position)));
        if (!pointing.modifiers().isEmpty()) {
            fields.json(
                    "modifiers",
                    pointing.modifiers().stream()
                            .map(held -> '"' + held.wireName() + '"')
                            .collect(Collectors.joining(",", "[", "]")));
        }
        return pointing.force() ? fields.json("force", "true") : fields;
    }

    private static String point(Offset offset) {
        return "{\"x\":" + Quotes.number(offset.x()) + ",\"y\":" + Quotes.number(offset.y()) + "}";
    }

    private static CurlFields until(CurlFields fields, WaitUntil until) {
        return until == WaitUntil.LOAD ? fields : fields.text("waitUntil", until.wireName());
    }

    @Override
    public String go(String page, ScriptAct.Go act) {
        return verb("navigate", page, until(new CurlFields().words("url", act.url()), act.until()));
    }

    @Override
    public String travel(String page, ScriptAct.Travel act) {
        return verb(act.verb(), page, until(new CurlFields(), act.until()));
    }

    @Override
    public String click(String page, ScriptAct.Click act) {
        CurlFields fields = on(act.target());
        if (!act.button().wireName().equals("left")) {
            fields.text("button", act.button().wireName());
        }
        if (act.count() > 1) {
            fields.json("clickCount", String.valueOf(act.count()));
        }
        return verb("click", page, pointing(fields, act.pointing()));
    }

    @Override
    public String hover(String page, ScriptAct.Hover act) {
        return verb("hover", page, pointing(on(act.target()), act.pointing()));
    }

    @Override
    public String drag(String page, ScriptAct.Drag act) {
        CurlFields fields = on(act.target());
        act.to().ifPresent(to -> fields.text("to", to.selector().text()));
        if (act.to().isEmpty() || act.by().x() != 0 || act.by().y() != 0) {
            fields.json("by", point(act.by()));
        }
        return verb("drag", page, pointing(fields, act.pointing()));
    }

    @Override
    public String type(String page, ScriptAct.Type act) {
        return verb("type", page, on(act.target()).words("text", act.text()));
    }

    @Override
    public String fill(String page, ScriptAct.Fill act) {
        return verb("fill", page, on(act.target()).words("value", act.value()));
    }

    @Override
    public String press(String page, ScriptAct.Press act) {
        return verb("press", page, on(act.target()).text("key", act.key()));
    }

    @Override
    public String choose(String page, ScriptAct.Choose act) {
        return verb(
                "select",
                page,
                on(act.target())
                        .with(
                                "values",
                                Bash.list(act.values().stream().map(Bash::json).toList())));
    }

    @Override
    public String scroll(String page, ScriptAct.Scroll act) {
        return verb(
                "scroll",
                page,
                on(act.target()).json("x", Quotes.number(act.x())).json("y", Quotes.number(act.y())));
    }

    @Override
    public String await(String page, ScriptAct.Await act) {
        return verb("wait-for", page, on(act.target()).text("state", act.state().wireName()));
    }

    @Override
    public String upload(String page, ScriptAct.Upload act) {
        List<String> files = act.files().stream()
                .map(path -> "\"$(file " + Bash.argument(path) + ")\"")
                .toList();
        return verb("upload", page, on(act.target()).with("files", Bash.list(files)));
    }

    @Override
    public String mouse(String page, ScriptAct.Mouse act) {
        CurlFields fields = new CurlFields()
                .text("action", act.use().wireName())
                .json("x", Quotes.number(act.at().x()))
                .json("y", Quotes.number(act.at().y()))
                .text("button", act.button().wireName())
                .json("clickCount", String.valueOf(act.count()));
        if (act.by().x() != 0 || act.by().y() != 0) {
            fields.json("deltaX", Quotes.number(act.by().x()))
                    .json("deltaY", Quotes.number(act.by().y()));
        }
        return verb("mouse", page, fields);
    }

    @Override
    public String picture(String page, ScriptAct.Picture act) {
        return verb("screenshot", page, act.whole() ? on(act.target()).json("fullPage", "true") : on(act.target()));
    }

    @Override
    public String pdf(String page, ScriptAct.Print act) {
        return verb("pdf", page, new CurlFields());
    }

    @Override
    public String evaluate(String page, ScriptAct.Evaluate act) {
        return verb("evaluate", page, new CurlFields().text("expression", act.expression()));
    }

    @Override
    public String resize(String page, ScriptAct.Resize act) {
        return "printf '%s' '{\"viewport\":{\"width\":" + act.viewport().width() + ",\"height\":"
                + act.viewport().height() + "}}' | berth POST \"$session/emulate\" - >/dev/null";
    }

    @Override
    public String activate(String page) {
        return "berth POST \"$session/pages/$" + page + "/activate\" >/dev/null";
    }

    @Override
    public String close(String page) {
        return "berth DELETE \"$session/pages/$" + page + "\" >/dev/null";
    }

    @Override
    public String answer(ScriptAct.Answer act) {
        String text =
                act.text().map(words -> "',\"promptText\":'" + Bash.json(words)).orElse("");
        return "printf '%s' '{\"accept\":" + act.accept() + "'" + text
                + "'}' | berth POST \"$session/dialogs\" - >/dev/null";
    }

    @Override
    public String open() {
        return "answer=$(printf '{}' | berth POST \"$session/pages\" -)";
    }

    @Override
    public String appear(List<Integer> known) {
        return "$(another "
                + known.stream().map(number -> "\"$page" + number + "\"").collect(Collectors.joining(" ")) + ")";
    }

    @Override
    public String remark(String text) {
        return "# " + Quotes.remark(text);
    }
}
