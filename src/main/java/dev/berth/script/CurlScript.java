package dev.berth.script;

import dev.berth.protocol.Offset;
import dev.berth.protocol.Pointing;
import dev.berth.protocol.Viewport;
import dev.berth.protocol.WaitUntil;
import dev.berth.script.ScriptAct.Appear;
import dev.berth.script.ScriptAct.Open;
import dev.berth.script.Words.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A Bash program that calls Berth's REST verbs with curl, in a session of its own. */
final class CurlScript implements ActPrinter {
    String print(Program program) {
        List<String> lines = new ArrayList<>();
        program.steps().forEach(step -> lines.addAll(lines(step)));
        String body = Helper.indented("", lines);
        Viewport viewport = program.viewport();
        String options = viewport.equals(Viewport.DEFAULT)
                ? "{}"
                : "{\"options\":{\"viewport\":{\"width\":" + viewport.width() + ",\"height\":" + viewport.height()
                        + "}}}";
        return CurlHelpers.PROGRAM.formatted(
                program.about(),
                quote(program.berthUrl()),
                inputs(program),
                Helper.used(CurlHelpers.ALL, body),
                options,
                body);
    }

    private static String inputs(Program program) {
        return program.inputs().stream()
                .map(input -> input.name() + "="
                        + input.value()
                                .map(value -> "${" + input.name() + "-" + inExpansion(value) + "}")
                                .orElse("${" + input.name() + "?the log does not have this value}")
                        + "\n")
                .collect(Collectors.collectingAndThen(Collectors.joining(), all -> all.isEmpty() ? "" : all + "\n"));
    }

    /** Quotes hold in an expansion that is not quoted itself. */
    private static String inExpansion(String value) {
        return quote(value);
    }

    /** A word of Bash, which has no character 0. */
    static String quote(String text) {
        return text.codePoints().anyMatch(Quotes::hidden)
                ? "$" + Quotes.quoted('\'', text.replace('\0', '\ufffd'), CurlScript::bytes)
                : "'" + text.replace("'", "'\\''") + "'";
    }

    /** In any locale, and in versions of Bash that know no Unicode. Half a character becomes a question mark. */
    private static String bytes(int codePoint) {
        StringBuilder bytes = new StringBuilder();
        for (byte each : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            bytes.append(String.format("\\x%02x", each));
        }
        return bytes.toString();
    }

    private List<String> lines(ScriptStep step) {
        String page = "page" + step.page();
        String act = step.act().print(this, page);
        List<String> lines = new ArrayList<>();
        if (step.act() instanceof Open) {
            lines.add(act);
            lines.add(page + "=$(field pageId)");
        } else if (step.act() instanceof Appear) {
            lines.add(page + "=" + act);
        } else {
            lines.add(act);
        }
        step.opens().ifPresent(opened -> lines.add("page" + opened + "=$(field openedPageId)"));
        step.place().ifPresent(place -> lines.add("arrived \"$" + page + "\" " + pattern(place)));
        return lines;
    }

    /** A pattern of Bash: {@code *} stands for any text. */
    private static String pattern(Words place) {
        return place.parts().stream()
                .map(part -> part.variable()
                        ? "\"$" + part.text() + "\""
                        : quote(part.text().replace("**", "*").replaceAll("[?\\[\\]\\\\]", "*")))
                .collect(Collectors.joining());
    }

    /** The fields of a request. */
    private static final class Fields {
        private final Map<String, String> values = new LinkedHashMap<>();

        Fields with(String name, String word) {
            values.put(name, word);
            return this;
        }

        /** JSON that has no variable. */
        Fields json(String name, String json) {
            return with(name, quote(json));
        }

        Fields text(String name, String text) {
            return with(name, quote(jsonText(text)));
        }

        Fields words(String name, Words words) {
            return with(name, CurlScript.json(words));
        }

        /** A word of Bash. */
        String word() {
            StringBuilder word = new StringBuilder();
            boolean open = false;
            for (Map.Entry<String, String> each : values.entrySet()) {
                open = append(word, quote((word.length() == 0 ? "" : ",") + '"' + each.getKey() + "\":"), open);
                open = append(word, each.getValue(), open);
            }
            return word.toString();
        }

        /**
         * Adds to a text between single quotes within the same quotes.
         *
         * @param open whether the word ends with such a text
         * @return whether it does now
         */
        private static boolean append(StringBuilder word, String more, boolean open) {
            boolean plain = more.startsWith("'");
            if (open && plain) {
                word.setLength(word.length() - 1);
            }
            word.append(open && plain ? more.substring(1) : more);
            return plain;
        }
    }

    private static String jsonText(String text) {
        return Quotes.quoted('"', text, Quotes::halves);
    }

    /** JSON of a text with variables, as a word of Bash. */
    private static String json(Words words) {
        return "\"$(json "
                + words.parts().stream()
                        .map(part -> part.variable() ? "\"$" + part.text() + "\"" : quote(part.text()))
                        .collect(Collectors.joining())
                + ")\"";
    }

    private static Fields on(ScriptTarget target) {
        return new Fields().text("selector", target.selector().text());
    }

    private static Fields on(Optional<ScriptTarget> target) {
        return target.map(CurlScript::on).orElseGet(Fields::new);
    }

    private static String verb(String name, String page, Fields fields) {
        String word = fields.word();
        return "verb " + name + " \"$" + page + "\"" + (word.isEmpty() ? "" : " " + word);
    }

    private static Fields pointing(Fields fields, Pointing pointing) {
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

    private static Fields until(Fields fields, WaitUntil until) {
        return until == WaitUntil.LOAD ? fields : fields.text("waitUntil", until.wireName());
    }

    @Override
    public String go(String page, ScriptAct.Go act) {
        return verb("navigate", page, until(new Fields().words("url", act.url()), act.until()));
    }

    @Override
    public String travel(String page, ScriptAct.Travel act) {
        return verb(act.verb(), page, until(new Fields(), act.until()));
    }

    @Override
    public String click(String page, ScriptAct.Click act) {
        Fields fields = on(act.target());
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
        Fields fields = on(act.target());
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
                                list(act.values().stream().map(CurlScript::json).toList())));
    }

    private static String list(List<String> words) {
        return "'['" + String.join("','", words) + "']'";
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
                .map(path -> "\"$(file "
                        + path.parts().stream().map(CurlScript::argument).collect(Collectors.joining())
                        + ")\"")
                .toList();
        return verb("upload", page, on(act.target()).with("files", list(files)));
    }

    private static String argument(Part part) {
        return part.variable() ? "\"$" + part.text() + "\"" : quote(part.text());
    }

    @Override
    public String mouse(String page, ScriptAct.Mouse act) {
        Fields fields = new Fields()
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
        return verb("pdf", page, new Fields());
    }

    @Override
    public String evaluate(String page, ScriptAct.Evaluate act) {
        return verb("evaluate", page, new Fields().text("expression", act.expression()));
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
                act.text().map(words -> "',\"promptText\":'" + json(words)).orElse("");
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
