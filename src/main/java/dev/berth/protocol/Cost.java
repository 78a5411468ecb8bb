package dev.berth.protocol;

/**
 * What something cost.
 *
 * @param usd US dollars
 * @param inputTokens of a model
 * @param outputTokens of a model
 */
public record Cost(double usd, long inputTokens, long outputTokens) {
    public static final Cost NONE = new Cost(0, 0, 0);
}
