package dev.berth.relay;

import dev.berth.limits.MemoryBudget;
import dev.berth.relay.command.CommandText;
import dev.berth.websocket.Violation;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * Reads what a client sends: assembles messages, obtains memory for them as they arrive, and passes complete ones to the gate.
 */
final class ClientInput implements ClientFrames.Listener {
    private final CommandGate gate;
    private final ClientEnd client;
    private final Runnable onLarge;
    private final Consumer<byte[]> onClose;
    private final ClientFrames frames = new ClientFrames(CommandGate.MAX_MESSAGE_BYTES, this);
    private final Intake intake;
    private boolean over;

    /**
     * @param onLarge called when a large message has passed the gate
     * @param onClose gets the payload of the client's close frame
     */
    ClientInput(
            CommandGate gate, ClientEnd client, MemoryBudget.Share budget, Runnable onLarge, Consumer<byte[]> onClose) {
        this.gate = gate;
        this.client = client;
        this.onLarge = onLarge;
        this.onClose = onClose;
        this.intake = new Intake(frames, budget);
    }

    /** Throws {@link Violation}, after which the input can't be read any further. */
    void feed(Buffer chunk) {
        frames.feed(chunk.getBytes());
        if (!over) {
            intake.received();
        }
    }

    /** Memory may be free now. */
    void roomCame() {
        intake.roomCame();
    }

    /** Whether reading must stop, since it waits for memory. */
    boolean isWaiting() {
        return intake.isWaiting();
    }

    /** The server makes the client wait, so its pace is not judged. */
    void throttled() {
        intake.throttled();
    }

    /** To be called once per interval. Throws {@link Violation} where the client is too slow with a message. */
    void beat(boolean throttled) {
        intake.beat(throttled);
    }

    /** From now on nothing passes the gate. */
    void end() {
        over = true;
        frames.discard();
        gate.discard();
        intake.release();
    }

    @Override
    public void message(CommandText text) {
        if (!over) {
            boolean small = text.isSmall();
            gate.pass(text);
            if (!small) {
                onLarge.run();
            }
            intake.ended();
        }
    }

    @Override
    public void ping(byte[] payload) {
        if (!over) {
            client.pong(payload);
        }
    }

    @Override
    public void pong() {
        // Receiving it was enough.
    }

    @Override
    public void close(byte[] payload) {
        onClose.accept(payload);
    }
}
