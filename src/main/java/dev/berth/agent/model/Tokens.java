package dev.berth.agent.model;

/**
 * The tokens of a call.
 *
 * @param input all of the input
 * @param cachedInput the part of it that the provider had in its cache
 * @param cacheWrites the part of it that the provider put into its cache at a surcharge
 */
public record Tokens(long input, long cachedInput, long cacheWrites, long output) {
    public static final Tokens NONE = new Tokens(0, 0, 0, 0);

    /** The numbers come from a server that may send nonsense: parts never exceed the whole. */
    public Tokens {
        input = Math.max(0, input);
        cachedInput = Math.min(input, Math.max(0, cachedInput));
        cacheWrites = Math.min(input - cachedInput, Math.max(0, cacheWrites));
        output = Math.max(0, output);
    }

    public Tokens(long input, long cachedInput, long output) {
        this(input, cachedInput, 0, output);
    }
}
