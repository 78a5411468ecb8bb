package dev.berth.agent.machine;

import dev.berth.agent.model.Prompt;
import dev.berth.agent.model.Prompt.ToolSpec;
import dev.berth.protocol.Cost;
import dev.berth.protocol.TaskSpec.TaskLimits;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The rules of a task, the same from its beginning to its end.
 *
 * @param system what its model is told before all
 * @param task what its model is to do
 * @param tools that its model may call
 * @param acts the names of those that change a page
 * @param most what asking a prompt may cost at the most
 */
public record TaskRules(
        String system,
        String task,
        TaskLimits limits,
        boolean outputRequired,
        List<ToolSpec> tools,
        Set<String> acts,
        Function<Prompt, Cost> most) {
    private static final int MAX_OUTPUT_TOKENS = 4_096;

    public TaskRules {
        tools = List.copyOf(tools);
        acts = Set.copyOf(acts);
    }

    boolean knows(String tool) {
        return tools.stream().anyMatch(each -> each.name().equals(tool));
    }

    Prompt prompt(Conversation conversation) {
        return new Prompt(system, conversation.messages(), tools, MAX_OUTPUT_TOKENS);
    }
}
