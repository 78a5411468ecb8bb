package dev.berth.cdpclient;

import dev.berth.cdpclient.command.CdpMessage;
import dev.berth.cdpclient.command.CommandText;
import dev.berth.limits.MemoryBudget;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.FrameReader;
import dev.berth.websocket.FrameReader.Violation;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.util.function.BiConsumer;

/**
 * Reads what a client sends, and passes whole messages to the gate. A large message gets the memory for all of it, or is not read
 * any further: a client that holds memory never waits for more, so each message is completed or dropped, which frees memory for
 * others. On the event loop of the client.
 */
final class ClientInput implements FrameReader.Listener {
    /** For the messages of all CDP clients. One budget for the process, since the heap is the process's. */
    static final MemoryBudget MEMORY = memory(Runtime.getRuntime().maxMemory());

    /** Limit for the arrival of a large message: beats of the client's socket, one each 30 s. Memory is waited for through one beat. */
    private static final int MAX_BEATS = 20;

    private final Context context;
    private final BiConsumer<CdpMessage, CommandText> gate;
    private final MemoryBudget.Share budget;
    private final Receiver receiver;
    private final FrameReader frames = new FrameReader(this);
    private final CommandText text = new CommandText();
    /** The bytes that were received; {@code at} is how many of them are read. */
    private byte[] chunk = {};

    private int at;
    private boolean large;
    private boolean waiting;
    private int beats;
    /** Whether a worker reads the message. */
    private boolean withWorker;

    /** Whether what comes can't be read any further. */
    private boolean broken;

    private boolean over;

    /** The receiver of the client's messages other than commands. */
    interface Receiver {
        /** All that was received has passed the gate, or {@link #isWaiting} has changed. */
        void read();

        /** A large message has passed the gate: from here on the memory is not counted as the input's. */
        void passedLarge();

        void ping(byte[] payload);

        /** @param payload code and reason, or empty */
        void close(byte[] payload);

        /** The input can't be read any further. */
        void violated(CloseReason reason);
    }

    /**
     * @param user who has a share of {@code memory}
     * @param gate gets whole messages, whose text is reused
     */
    ClientInput(
            Context context,
            MemoryBudget memory,
            Object user,
            BiConsumer<CdpMessage, CommandText> gate,
            Receiver receiver) {
        this.context = context;
        this.gate = gate;
        this.receiver = receiver;
        this.budget = memory.share(user, () -> context.runOnContext(ignored -> roomCame()));
    }

    /** The budget for the messages of all clients. */
    static MemoryBudget memory(long heapBytes) {
        return MemoryBudget.ofMessages(heapBytes, CommandGate.MAX_MESSAGE_BYTES + 2L * CommandText.PIECE_BYTES);
    }

    void read(Buffer received) {
        if (broken) {
            return;
        }
        // More may come, in spite of the throttled socket, while a worker reads a message.
        chunk = at == chunk.length
                ? received.getBytes()
                : rest().appendBuffer(received).getBytes();
        at = 0;
        goOn();
    }

    private Buffer rest() {
        return Buffer.buffer(chunk).getBuffer(at, chunk.length);
    }

    private void goOn() {
        try {
            while (!withWorker && !broken && at < chunk.length) {
                at = frames.feed(chunk, at);
            }
        } catch (Violation e) {
            broken = true;
            receiver.violated(e.reason());
        }
        receiver.read();
    }

    /** Whether the client must not be read. */
    boolean isWaiting() {
        return waiting || withWorker;
    }

    /** To be called with each beat of the client's socket. */
    void beat() {
        beats++;
        if (waiting && beats > 1) {
            receiver.violated(tryAgainLater("the server has no memory for a message this large at the moment"));
        } else if (large && beats > MAX_BEATS) {
            receiver.violated(tryAgainLater("the client is sending a message too slowly"));
        }
    }

    private static CloseReason tryAgainLater(String why) {
        return new CloseReason(CloseReason.TRY_AGAIN_LATER, why);
    }

    /** Ends the input: from now on no message passes the gate. */
    void end() {
        over = true;
        if (!withWorker) {
            drop();
        }
    }

    private void drop() {
        text.reset();
        large = false;
        waiting = false;
        budget.hold(0);
    }

    private void roomCame() {
        waiting = budget.isWaiting();
        beats = 0;
        receiver.read();
    }

    // Frames

    @Override
    public int begins(boolean binary) {
        if (binary) {
            throw new Violation(1003, "CDP messages must be text");
        }
        return CommandGate.MAX_MESSAGE_BYTES;
    }

    /** The first fragments do not tell the length of their message. */
    @Override
    public void frame(long bytes, boolean last) {
        if (bytes > CommandText.PIECE_BYTES && !large && !over) {
            large = true;
            beats = 0;
            waiting = !budget.ask(last ? bytes : CommandGate.MAX_MESSAGE_BYTES);
        }
    }

    @Override
    public void part(byte[] bytes, int from, int to) {
        if (!over) {
            text.add(bytes, from, to);
        }
    }

    /** A worker reads what would hold up other clients of the event loop. */
    @Override
    public boolean ends() {
        if (over) {
            return true;
        }
        withWorker = text.length() > CdpMessage.MAX_READ_BYTES;
        if (withWorker) {
            // The answer is handled in a task of its own: a worker that is done at once would otherwise go on within
            // this call of the frame reader.
            context.executeBlocking(() -> CdpMessage.read(text), false)
                    .onComplete(read -> context.runOnContext(now -> tell(read)));
        } else {
            pass(CdpMessage.read(text));
        }
        return !withWorker;
    }

    private void tell(AsyncResult<CdpMessage> read) {
        withWorker = false;
        if (read.succeeded()) {
            pass(read.result());
            goOn();
        } else {
            drop();
            receiver.violated(tryAgainLater("the server could not read a message"));
        }
    }

    private void pass(CdpMessage message) {
        if (!over) {
            gate.accept(message, text);
        }
        if (large) {
            receiver.passedLarge();
            drop();
        } else {
            text.reset();
        }
    }

    @Override
    public void ping(byte[] payload) {
        if (!over) {
            receiver.ping(payload);
        }
    }

    @Override
    public void close(byte[] payload) {
        receiver.close(payload);
    }
}
