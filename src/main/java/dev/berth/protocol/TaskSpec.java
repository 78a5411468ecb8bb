package dev.berth.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The specification of an AI task: its instruction and its limits.
 *
 * @param instruction in the words of a person
 * @param startUrl where it begins
 * @param schema JSON Schema, as text, that its output matches
 * @param variables see {@link Secrets}
 * @param allowedDomains see {@link AllowedDomains}
 * @param keepAlive whether the session that is made for it outlives it
 * @param reuse whether the steps of an earlier success are run again, without the model
 */
public record TaskSpec(
        String instruction,
        Optional<String> startUrl,
        TaskLimits limits,
        Optional<String> schema,
        Map<String, String> variables,
        List<String> allowedDomains,
        boolean keepAlive,
        boolean reuse) {
    public static final int MAX_INSTRUCTION_CHARS = 20_000;
    public static final int MAX_SCHEMA_CHARS = 20_000;

    private static final int MAX_URL_CHARS = 8_192;

    public TaskSpec {
        Require.text("instruction", instruction, 1, MAX_INSTRUCTION_CHARS);
        Require.noNul("instruction", instruction);
        if (instruction.isBlank()) {
            throw BerthException.invalid("instruction must not be blank");
        }
        Require.text("startUrl", startUrl, 1, MAX_URL_CHARS);
        startUrl.ifPresent(url -> Require.noNul("startUrl", url));
        Require.present("limits", limits);
        Require.text("schema", schema, 2, MAX_SCHEMA_CHARS);
        schema.ifPresent(text -> Require.noNul("schema", text));
        variables = new Secrets(variables).values();
        allowedDomains = new AllowedDomains(allowedDomains).hosts();
    }

    /** Without the values of variables: this text goes to logs. */
    @Override
    public String toString() {
        return "TaskSpec[instruction of " + instruction.length() + " characters, " + limits + "]";
    }

    /**
     * Limits of an AI task. The task fails, or times out, before it would use more.
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
}
