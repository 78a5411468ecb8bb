package dev.berth.protocol;

/**
 * The cost of an operation.
 *
 * @param usd US dollars
 * @param inputTokens of a model
 * @param outputTokens of a model
 */
public record Cost(double usd, long inputTokens, long outputTokens) {
    public static final Cost NONE = new Cost(0, 0, 0);

    public Cost {
        Require.atLeastZero("cost.usd", usd);
        Require.within("cost.inputTokens", inputTokens, 0, Long.MAX_VALUE);
        Require.within("cost.outputTokens", outputTokens, 0, Long.MAX_VALUE);
    }

    /** The sum, at most the largest numbers: whoever is on the bus may say any cost. */
    public Cost plus(Cost more) {
        return new Cost(
                Math.min(Double.MAX_VALUE, usd + more.usd),
                sum(inputTokens, more.inputTokens),
                sum(outputTokens, more.outputTokens));
    }

    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }
}
