package dev.berth.relay;

import dev.berth.memory.MemoryBudget;
import dev.berth.relay.command.CommandText;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** What a client sends: put together to messages, which get their memory as they come and pass the gate when they are whole. */
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

    /** Fails with {@link ClientFrames.Violation}, after which there is no going on. */
    void feed(Buffer chunk) {
        frames.feed(chunk.getBytes());
        if (!over) {
            intake.received();
        }
    }

    /** There may be memory now. */
    void roomCame() {
        intake.roomCame();
    }

    /** Whether no more must be read: it waits for memory. */
    boolean isWaiting() {
        return intake.isWaiting();
    }

    /** It is not the client that it waits for. */
    void throttled() {
        intake.throttled();
    }

    /** Once in an interval: fails with {@link ClientFrames.Violation} where the client is too slow with a message. */
    void beat(boolean throttled) {
        intake.beat(throttled);
    }

    /** Nothing passes the gate any more. */
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
        // That it came is what counts.
    }

    @Override
    public void close(byte[] payload) {
        onClose.accept(payload);
    }
}
