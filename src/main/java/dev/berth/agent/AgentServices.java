package dev.berth.agent;

import dev.berth.agent.model.Model;
import dev.berth.clock.Scheduler;

/**
 * What the tasks of a node share.
 *
 * @param maxTasks how many run at a time
 */
public record AgentServices(
        Scheduler scheduler, String machineId, Model model, int maxTasks, TaskHistory history, TaskFiles files) {}
