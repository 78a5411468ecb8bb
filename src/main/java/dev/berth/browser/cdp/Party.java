package dev.berth.browser.cdp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A party: one user of a Chrome's pipe. A party has a browser session of its own, which it takes for a connection: it sees
 * and reaches that and the sessions below it, and no others. A party is used on the event loop of the context that opened it, and its
 * receiver is called there; the messages that it has not taken are bounded.
 */
public final class Party {
    private final ChromePipe pipe;
    private final EventLoop loop;
    private final Kind kind;
    private final String session;
    private final String targetId;
    private final MessageDelivery delivery;
    private final CommandBuffer outbox;
    private final Unwritten unwritten = new Unwritten();
    private final LongConsumer onWritten = this::written;

    /** Gets what comes. */
    public interface Receiver {
        /**
         * More of a message, or all of one.
         *
         * @param bytes used again
         * @param last whether the message ends here
         */
        void piece(byte[] bytes, int from, int to, boolean last);

        /** A good time to do something with what came. */
        void turnEnds();

        /** Reports entries of logs that came faster than they were taken, and were not kept. */
        void dropped(int entries);

        /**
         * A message that was not kept, for the node has no room for it.
         *
         * @param head its beginning
         * @param sessionId empty for the party's own
         */
        void missed(byte[] head, String sessionId, long bytes);

        /** Reports that the sent commands are written, after they were too much, large or the last. */
        void drained();

        /** @param why where it is not Chrome that is gone, or has ended the session */
        void closed(Optional<String> why);
    }

    /** The kinds of parties, which decide the fate of a party that does not take its messages. */
    public enum Kind {
        /** The server's own: it misses entries of logs. */
        SERVER,
        /** A CDP client: it is closed. */
        CLIENT
    }

    Party(ChromePipe pipe, ContextInternal context, Kind kind, Attachment attached, Inbox inbox) {
        this.pipe = pipe;
        this.loop = context.nettyEventLoop();
        this.kind = kind;
        this.session = attached.sessionId();
        this.targetId = attached.targetId();
        this.delivery = new MessageDelivery(context, inbox);
        this.outbox = new CommandBuffer(this);
    }

    /** Once; nothing comes before {@link #resume}. */
    public void start(Receiver receiver) {
        delivery.start(receiver);
    }

    /** The target that is its own session's. */
    public String targetId() {
        return targetId;
    }

    String session() {
        return session;
    }

    Kind kind() {
        return kind;
    }

    EventLoop loop() {
        return loop;
    }

    MessageDelivery delivery() {
        return delivery;
    }

    /**
     * Opens a blank page of the default browser context that no other party hears of; completes, on {@code context}, with its target id. The
     * page closes with this party at the latest.
     */
    public Future<String> openHiddenPage(Context context) {
        return pipe.openHiddenPage(this, context);
    }

    /** Pauses the delivery until {@link #resume}. Messages that Chrome sends meanwhile are kept, up to a bound. */
    public void pause() {
        delivery.pause();
    }

    public void resume() {
        delivery.resume();
    }

    /** Whether a session is its own, or below that. For any thread. */
    public boolean owns(String sessionId) {
        return sessionId.isEmpty() || pipe.sessions().owns(this, sessionId);
    }

    /** Gathers a command, until {@link #flush}; refuses one that is for a session of others. The text is the caller's again. */
    public boolean add(byte[] text, int length, CommandAddress address) {
        boolean may = maySend(address);
        if (may) {
            outbox.add(text, length, address);
        }
        return may;
    }

    /** Like the other {@code add}, for a large command in pieces. Takes over the pieces, and releases them also if it refuses. */
    public boolean add(List<ByteBuf> pieces, CommandAddress address) {
        boolean may = maySend(address);
        if (may) {
            outbox.add(pieces, address);
        } else {
            pieces.forEach(ByteBuf::release);
        }
        return may;
    }

    private boolean maySend(CommandAddress address) {
        String to = address.sessionId().isEmpty() ? session : address.sessionId();
        return !delivery.isClosed() && pipe.sessions().send(this, to, address.id());
    }

    /** Whether there was something to send. */
    public boolean flush() {
        return !delivery.isClosed() && outbox.flush();
    }

    /** Whether too much of what was sent waits to be written: {@link Receiver#drained} follows. */
    public boolean isFull() {
        return unwritten.isFull();
    }

    /** The bytes of the party's commands that are still in memory. */
    public long unwrittenBytes() {
        return unwritten.bytes() + outbox.heldBytes();
    }

    /** Ends the party: its session is detached in Chrome. Commands not flushed are dropped; the receiver hears only {@link Receiver#drained}. */
    public void close() {
        outbox.drop();
        unwritten.await();
        if (delivery.close()) {
            pipe.execute(() -> pipe.leave(this));
        }
    }

    private void written(long bytes) {
        if (unwritten.written(bytes)) {
            delivery.drained();
        }
    }

    /** Gives whether the array is kept. */
    boolean write(byte[] bytes, int length) {
        boolean now = pipe.isHere();
        if (now && !pipe.writeNow(bytes, length, onWritten)) {
            return false;
        }
        unwritten.add(length);
        if (!now) {
            pipe.writeSoon(bytes, length, onWritten);
        }
        return true;
    }

    /** Writes the pieces soon, and releases them then. */
    void writeLater(List<ByteBuf> pieces) {
        unwritten.add(pieces.stream().mapToLong(ByteBuf::capacity).sum());
        unwritten.await();
        pipe.writeLater(pieces, onWritten);
    }

    /** How much of what a party sent waits to be written. For any thread. */
    private static final class Unwritten {
        private static final int FULL_BYTES = 1 << 20;

        private long bytes;
        private boolean full;
        private boolean awaited;

        synchronized void add(long more) {
            bytes += more;
            full = full || bytes > FULL_BYTES;
        }

        /** {@link #written} tells the end of the present writes, even if they were never too much. */
        synchronized void await() {
            awaited = bytes > 0;
        }

        /** Whether all is written now, after it was too much, or awaited. */
        synchronized boolean written(long done) {
            bytes -= done;
            boolean drained = (full || awaited) && bytes == 0;
            full = full && !drained;
            awaited = awaited && !drained;
            return drained;
        }

        /** Whether it is too much, until all of it is written. */
        synchronized boolean isFull() {
            return full;
        }

        synchronized long bytes() {
            return bytes;
        }
    }

    /**
     * The session of a command, and its place in the command's JSON.
     *
     * @param id of the command
     * @param sessionId empty where it is the party's own
     * @param place where an own session's id is put in: behind the first brace, or between the quotes of an empty one
     * @param inQuotes whether there is an empty one
     */
    public record CommandAddress(long id, String sessionId, long place, boolean inQuotes) {}
}
