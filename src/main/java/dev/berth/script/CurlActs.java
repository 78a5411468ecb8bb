package dev.berth.script;

import static java.util.Map.entry;

import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.Pointing.Offset;
import dev.berth.protocol.VerbChoices.WaitUntil;
import dev.berth.script.Bash.CurlFields;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The commands of Bash that call Berth's verbs. */
final class CurlActs {
    /** The writer of each verb, which takes the name of the page's variable. */
    static final Map<String, BiFunction<String, Act, String>> VERBS = Map.ofEntries(
            entry("navigate", verb(act -> until(new CurlFields().words("url", act.words("url")), act))),
            entry("go-back", verb(act -> until(new CurlFields(), act))),
            entry("go-forward", verb(act -> until(new CurlFields(), act))),
            entry("reload", verb(act -> until(new CurlFields(), act))),
            entry("click", verb(act -> pointing(click(act), act))),
            entry("hover", verb(act -> pointing(on(act), act))),
            entry("drag", verb(act -> pointing(drag(act), act))),
            entry("type", verb(act -> on(act).words("text", act.words("text")))),
            entry("fill", verb(act -> on(act).words("value", act.words("value")))),
            entry("press", verb(act -> on(act).text("key", act.required("key")))),
            entry("select", verb(act -> on(act).with("values", values(act)))),
            entry("scroll", verb(act -> number(number(on(act), "x", act), "y", act))),
            entry("wait-for", verb(act -> on(act).text("state", act.state().wireName()))),
            entry("upload", verb(act -> on(act).with("files", files(act)))),
            entry("mouse", verb(CurlActs::mouse)),
            entry("screenshot", verb(act -> act.is("fullPage") ? on(act).json("fullPage", "true") : on(act))),
            entry("pdf", verb(act -> new CurlFields())),
            entry("evaluate", verb(act -> new CurlFields().text("expression", act.required("expression")))),
            entry("emulate", (page, act) -> emulate(act)),
            entry("activate-page", (page, act) -> "berth POST \"$session/pages/$" + page + "/activate\" >/dev/null"),
            entry("close-page", (page, act) -> "berth DELETE \"$session/pages/$" + page + "\" >/dev/null"),
            entry("dialogs", (page, act) -> dialogs(act)));

    private CurlActs() {}

    private static BiFunction<String, Act, String> verb(Function<Act, CurlFields> fields) {
        return (page, act) -> {
            String word = fields.apply(act).word();
            return "verb " + act.verb() + " \"$" + page + "\"" + (word.isEmpty() ? "" : " " + word);
        };
    }

    private static CurlFields on(Act act) {
        CurlFields fields = new CurlFields();
        act.target()
                .ifPresent(target -> fields.text("selector", target.selector().text()));
        return fields;
    }

    private static CurlFields until(CurlFields fields, Act act) {
        return act.until() == WaitUntil.LOAD
                ? fields
                : fields.text("waitUntil", act.until().wireName());
    }

    private static CurlFields number(CurlFields fields, String name, Act act) {
        return fields.json(name, Quotes.number(act.number(name)));
    }

    private static String point(Offset offset) {
        return "{\"x\":" + Quotes.number(offset.x()) + ",\"y\":" + Quotes.number(offset.y()) + "}";
    }

    private static CurlFields pointing(CurlFields fields, Act act) {
        act.offset("position").ifPresent(position -> fields.json("position", point(position)));
        if (!act.modifiers().isEmpty()) {
            fields.json(
                    "modifiers",
                    act.modifiers().stream().map(held -> '"' + held + '"').collect(Collectors.joining(",", "[", "]")));
        }
        return act.is("force") ? fields.json("force", "true") : fields;
    }

    private static CurlFields click(Act act) {
        CurlFields fields = on(act);
        if (act.button() != MouseButton.LEFT) {
            fields.text("button", act.button().wireName());
        }
        return act.count() > 1 ? fields.json("clickCount", String.valueOf(act.count())) : fields;
    }

    private static CurlFields drag(Act act) {
        CurlFields fields = on(act);
        act.end().ifPresent(end -> fields.text("to", end.selector().text()));
        boolean moved = act.by().x() != 0 || act.by().y() != 0;
        return act.end().isEmpty() || moved ? fields.json("by", point(act.by())) : fields;
    }

    private static String values(Act act) {
        return Bash.list(act.allWords("values").stream().map(Bash::json).toList());
    }

    private static String files(Act act) {
        return Bash.list(act.allWords("files").stream()
                .map(path -> "\"$(file " + Bash.argument(path) + ")\"")
                .toList());
    }

    private static CurlFields mouse(Act act) {
        CurlFields fields = new CurlFields()
                .text("action", act.required("action"))
                .json("x", Quotes.number(act.at().x()))
                .json("y", Quotes.number(act.at().y()))
                .text("button", act.button().wireName())
                .json("clickCount", String.valueOf(act.count()));
        boolean turned = act.number("deltaX") != 0 || act.number("deltaY") != 0;
        return turned ? number(number(fields, "deltaX", act), "deltaY", act) : fields;
    }

    private static String emulate(Act act) {
        return "printf '%s' '{\"viewport\":{\"width\":" + act.integer("viewport", "width")
                + ",\"height\":" + act.integer("viewport", "height")
                + "}}' | berth POST \"$session/emulate\" - >/dev/null";
    }

    private static String dialogs(Act act) {
        String text = act.has("promptText") ? "',\"promptText\":'" + Bash.json(act.words("promptText")) : "";
        return "printf '%s' '{\"accept\":" + act.is("accept") + "'" + text
                + "'}' | berth POST \"$session/dialogs\" - >/dev/null";
    }
}
