package dev.berth.relay;

import dev.berth.memory.MemoryBudget;
import dev.berth.relay.ClientFrames.Violation;
import dev.berth.relay.command.CommandText;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.MessagePace;

/**
 * The message that a client is in the middle of sending. It gets the memory for all of it, or is not read on: who holds memory
 * never waits for more, so that each can come to its end, or is too slow, and others get what it held. On one event loop.
 */
final class Intake {
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

    /** For the messages of all clients. */
    static MemoryBudget memory(long heapBytes) {
        return MemoryBudget.ofMessages(heapBytes, CommandGate.MAX_MESSAGE_BYTES + 2L * CommandText.PIECE_BYTES);
    }

    /** More of it has come. */
    void received() {
        long needed = frames.neededBytes();
        if (needed != asked) {
            asked = needed;
            waiting = !budget.ask(needed);
            waitedBefore = false;
        }
    }

    /** It has come to its end, and is counted where it went. */
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

    /** There may be room now. */
    void roomCame() {
        waiting = budget.isWaiting();
    }

    /** Whether it must not be read on: the budget tells when it may. */
    boolean isWaiting() {
        return waiting;
    }

    /** It is not the client that it waits for. */
    void throttled() {
        pace.restart();
    }

    /** Once in an interval: fails where it has waited, or gone on too slowly, since the last time. */
    void beat(boolean throttled) {
        if (waiting && waitedBefore) {
            throw new Violation(CloseReason.TRY_AGAIN_LATER, "the server has no room for so large a message now");
        }
        waitedBefore = waiting;
        if (throttled) {
            pace.restart();
        } else if (pace.isTooSlow(frames.neededBytes() > 0, frames.receivedBytes())) {
            throw new Violation(CloseReason.TRY_AGAIN_LATER, "the client is too slow with a message");
        }
    }
}
