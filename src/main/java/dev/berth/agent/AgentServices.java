package dev.berth.agent;

import dev.berth.agent.model.Model;
import dev.berth.clock.Scheduler;
import dev.berth.metrics.AiCounts;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the tasks of a node share.
 *
 * @param maxTasks how many run at a time
 * @param draining whether the node takes no new sessions
 * @param refusal why the node may hold no sessions, and so no tasks, now
 */
public record AgentServices(
        Scheduler scheduler,
        String machineId,
        Model model,
        int maxTasks,
        TaskHistory history,
        TaskFiles files,
        BooleanSupplier draining,
        Supplier<Optional<String>> refusal,
        AiCounts counts) {}
