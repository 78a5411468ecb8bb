package dev.berth.agent;

import dev.berth.agent.machine.OwnTools;
import dev.berth.agent.model.Prompt.ToolSpec;
import dev.berth.protocol.TaskSpec;
import dev.berth.verbs.Tool;
import dev.berth.verbs.Verbs;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tools of all tasks: those of the catalogue, and a task's own. A model has no files but those of the session. */
final class TaskTools {
    private static final List<Tool> VERBS = Verbs.tools().stream()
            .map(tool -> tool.verb() == Verbs.UPLOAD ? Verbs.UPLOAD_NAMED : tool)
            .toList();

    private static final Map<String, Tool> BY_NAME =
            VERBS.stream().collect(Collectors.toMap(Tool::name, Function.identity()));

    private static final List<ToolSpec> SPECS = Stream.concat(
                    VERBS.stream().map(tool -> new ToolSpec(tool.name(), tool.description(), tool.inputSchema())),
                    OwnTools.specs().stream())
            .toList();

    /** A script could give the value of a variable back in a form that nobody recognises, or send it anywhere. */
    private static final List<ToolSpec> WITHOUT_SCRIPTS =
            SPECS.stream().filter(tool -> !tool.name().equals("evaluate")).toList();

    private TaskTools() {}

    static List<ToolSpec> specs(TaskSpec task) {
        return task.variables().isEmpty() ? SPECS : WITHOUT_SCRIPTS;
    }

    static Tool named(String name) {
        return BY_NAME.get(name);
    }

    static boolean isVerb(String name) {
        return BY_NAME.containsKey(name);
    }

    /** Whether it is part of what a task did, and not only of how the model found out what to do. */
    static boolean isRepeated(String name) {
        return name.equals("wait_for") || !BY_NAME.get(name).readOnly();
    }

    static Set<String> acts() {
        return BY_NAME.values().stream()
                .filter(tool -> !tool.readOnly())
                .map(Tool::name)
                .collect(Collectors.toUnmodifiableSet());
    }
}
