package dev.berth.agent;

import dev.berth.agent.model.Model;
import dev.berth.clock.Scheduler;
import java.util.function.BooleanSupplier;

/**
 * What the tasks of a node share.
 *
 * @param maxTasks how many run at a time
 * @param draining whether the node takes no new sessions
 */
public record AgentServices(
        Scheduler scheduler,
        String machineId,
        Model model,
        int maxTasks,
        TaskHistory history,
        TaskFiles files,
        BooleanSupplier draining) {}
