package dev.berth.mcp;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** Bounds the memory of large answers that clients have not received yet, whichever way they asked. */
public interface SendBudget {
    /**
     * Counts an answer until it is sent; fails with {@link dev.berth.protocol.BerthException} where there is no room for it.
     *
     * @param chars the approximate length
     * @param sending completes when the client has received the answer, or has left
     */
    Future<Void> counted(long chars, Supplier<Future<Void>> sending);
}
