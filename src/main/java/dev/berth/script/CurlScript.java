package dev.berth.script;

import dev.berth.protocol.Device.Viewport;
import dev.berth.script.Program.Helper;
import dev.berth.script.Program.ScriptStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A Bash program that calls Berth's REST verbs with curl, in a session of its own. */
final class CurlScript implements Script.Printer {
    private static final List<Helper> HELPERS = Helper.of("curl.sh");

    /** The frame of the program: its gaps take the origin, the server's URL, the inputs, the functions, the session's options and the steps. */
    private static final String PROGRAM = """
            #!/usr/bin/env bash
            # %s
            # Needs curl, and a key of Berth in BERTH_API_KEY.
            set -euo pipefail

            berth_url=${BERTH_URL:-%s}
            api_key=${BERTH_API_KEY:?set it to a key of Berth}

            %s%s%s
            answer=$(printf '%%s' '%s' | berth POST "$berth_url/api/sessions?wait=running" -) || { echo "$answer" >&2; exit 1; }
            session=$berth_url/api/sessions/$(field sessionId)
            trap 'berth DELETE "$session" >/dev/null' EXIT
            answer=$(berth GET "$session/pages")
            page1=$(field pageId)

            %s""";

    @Override
    public Set<String> verbs() {
        return CurlActs.VERBS.keySet();
    }

    @Override
    public String print(Program program) {
        List<String> lines = new ArrayList<>();
        program.steps().forEach(step -> lines.addAll(lines(step)));
        String body = Helper.indented("", lines);
        Viewport viewport = program.viewport();
        String options = viewport.equals(Viewport.DEFAULT)
                ? "{}"
                : "{\"options\":{\"viewport\":{\"width\":" + viewport.width() + ",\"height\":" + viewport.height()
                        + "}}}";
        return PROGRAM.formatted(
                program.about(),
                Bash.quote(program.berthUrl()),
                inputs(program),
                Helper.text(HELPERS, "head"),
                Helper.used(HELPERS, body),
                options,
                body);
    }

    /** The inputs as assignments. Bash reads quotes within an expansion only while the expansion itself has none. */
    private static String inputs(Program program) {
        return program.inputs().stream()
                .map(input -> input.name() + "="
                        + input.value()
                                .map(value -> "${" + input.name() + "-" + Bash.quote(value) + "}")
                                .orElse("${" + input.name() + "?the log does not have this value}")
                        + "\n")
                .collect(Collectors.collectingAndThen(Collectors.joining(), all -> all.isEmpty() ? "" : all + "\n"));
    }

    private List<String> lines(ScriptStep step) {
        String page = ScriptStep.variable(step.page());
        Act act = step.act();
        List<String> lines = new ArrayList<>();
        switch (act.verb()) {
            case Act.REMARK -> lines.add("# " + Quotes.remark(act.required("text")));
            case "open-page" -> {
                lines.add("answer=$(printf '{}' | berth POST \"$session/pages\" -)");
                lines.add(page + "=$(field pageId)");
            }
            case Act.ANOTHER -> lines.add(page + "=$(another " + known(step) + ")");
            default -> lines.add(CurlActs.VERBS.get(act.verb()).apply(page, act));
        }
        step.opens().ifPresent(opened -> lines.add(ScriptStep.variable(opened) + "=$(field openedPageId)"));
        step.place().ifPresent(place -> lines.add("arrived \"$" + page + "\" " + Bash.pattern(place)));
        return lines;
    }

    private static String known(ScriptStep step) {
        return step.earlierPages().stream().map(page -> "\"$" + page + "\"").collect(Collectors.joining(" "));
    }
}
