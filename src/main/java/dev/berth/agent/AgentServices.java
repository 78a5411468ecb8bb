package dev.berth.agent;

import dev.berth.agent.model.Model;
import dev.berth.loop.Scheduler;
import dev.berth.metrics.AiCounts;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the tasks of a node share.
 *
 * @param maxTasks how many run at a time
 * @param files the bytes of an artifact, by its key in the object store
 * @param draining whether the node takes no new sessions
 * @param confirmed completes when the node may tell that a task of its own runs
 */
public record AgentServices(
        Scheduler scheduler,
        String machineId,
        Model model,
        int maxTasks,
        TaskHistory history,
        Function<String, Future<Buffer>> files,
        BooleanSupplier draining,
        Supplier<Future<Void>> confirmed,
        AiCounts counts) {}
