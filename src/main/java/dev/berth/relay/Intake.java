package dev.berth.relay;

import dev.berth.limits.MemoryBudget;
import dev.berth.relay.command.CommandText;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.MessagePace;
import dev.berth.websocket.Violation;

/**
 * Obtains memory for the message that a client is sending. It gets the memory for the whole message, or is not read any
 * further. A client that holds memory never waits for more, so each message is completed or dropped as too slow, which frees
 * memory for others. On one event loop.
 */
final class Intake {
    /** For the messages of all CDP clients. One budget for the process, since the heap is the process's. */
    static final MemoryBudget MEMORY = memory(Runtime.getRuntime().maxMemory());

    private final ClientFrames frames;
    private final MemoryBudget.Share budget;
    private final MessagePace pace = new MessagePace();
    private long asked;
    private boolean waiting;
    private boolean waitedBefore;

    Intake(ClientFrames frames, MemoryBudget.Share budget) {
        this.frames = frames;
        this.budget = budget;
    }

    /** The budget for the messages of all clients. */
    static MemoryBudget memory(long heapBytes) {
        return MemoryBudget.ofMessages(heapBytes, CommandGate.MAX_MESSAGE_BYTES + 2L * CommandText.PIECE_BYTES);
    }

    /** More of the message has arrived. */
    void received() {
        long needed = frames.neededBytes();
        if (needed != asked) {
            asked = needed;
            waiting = !budget.ask(needed);
            waitedBefore = false;
        }
    }

    /** The message is complete. From here on its receiver counts its memory. */
    void ended() {
        pace.restart();
        if (asked > 0) {
            release();
        }
    }

    void release() {
        asked = 0;
        waiting = false;
        budget.hold(0);
    }

    /** Memory may be free now. */
    void roomCame() {
        waiting = budget.isWaiting();
    }

    /** Whether reading must stop. The budget calls when it may go on. */
    boolean isWaiting() {
        return waiting;
    }

    /** The server makes the client wait, so its pace is not judged. */
    void throttled() {
        pace.restart();
    }

    /**
     * To be called once per interval. Throws {@link Violation} where the message has waited for memory since the last call, or
     * was too slow.
     */
    void beat(boolean throttled) {
        if (waiting && waitedBefore) {
            throw new Violation(CloseReason.TRY_AGAIN_LATER, "the server has no memory for such a large message now");
        }
        waitedBefore = waiting;
        if (throttled) {
            pace.restart();
        } else if (pace.isTooSlow(frames.neededBytes() > 0, frames.receivedBytes())) {
            throw new Violation(CloseReason.TRY_AGAIN_LATER, "the client is too slow with a message");
        }
    }
}
