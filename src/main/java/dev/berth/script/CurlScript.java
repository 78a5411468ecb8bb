package dev.berth.script;

import dev.berth.protocol.Device.Viewport;
import dev.berth.script.Program.Helper;
import dev.berth.script.Program.ScriptStep;
import dev.berth.script.ScriptAct.Appear;
import dev.berth.script.ScriptAct.Open;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A Bash program that calls Berth's REST verbs with curl, in a session of its own. */
final class CurlScript {
    private static final List<Helper> HELPERS = Helper.of("curl.sh");

    /** Takes what the program is about, its inputs, the server's URL, its functions, the session's options, and the steps. */
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

    private final CurlActs acts = new CurlActs();

    String print(Program program) {
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

    /** Quotes hold in an expansion that is not quoted itself. */
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
        String page = "page" + step.page();
        String act = step.act().print(acts, page);
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
        step.place().ifPresent(place -> lines.add("arrived \"$" + page + "\" " + Bash.pattern(place)));
        return lines;
    }
}
