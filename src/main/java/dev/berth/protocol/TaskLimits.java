package dev.berth.protocol;

/**
 * What an AI task may use at most. It fails, or times out, before it would use more.
 *
 * @param maxSteps tools that it may run
 * @param maxCostUsd US dollars for its model
 * @param timeoutMillis from its start to its end, waiting for people included
 */
public record TaskLimits(int maxSteps, double maxCostUsd, long timeoutMillis) {
    public static final int DEFAULT_STEPS = 40;
    public static final long DEFAULT_TIMEOUT_MILLIS = 600_000;

    private static final int MAX_STEPS = 1_000;
    private static final double MAX_COST_USD = 1_000;
    private static final long MAX_TIMEOUT_MILLIS = 24 * 3_600_000L;

    public TaskLimits {
        Require.within("maxSteps", maxSteps, 1, MAX_STEPS);
        Require.within("maxCostUsd", maxCostUsd, 0, MAX_COST_USD);
        Require.within("timeoutMs", timeoutMillis, 1_000, MAX_TIMEOUT_MILLIS);
    }

    /** The limits of a task that sets none itself. */
    public static TaskLimits costing(double maxCostUsd) {
        return new TaskLimits(DEFAULT_STEPS, maxCostUsd, DEFAULT_TIMEOUT_MILLIS);
    }
}
