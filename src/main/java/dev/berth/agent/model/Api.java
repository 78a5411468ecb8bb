package dev.berth.agent.model;

/** The API of a provider. */
interface Api {
    /** Blocks until the answer has come. Throws {@link Failure} if {@code exchange} does, or if the answer is none. */
    Reply send(Prompt prompt, Exchange exchange);
}
