package dev.berth.browser.cdp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a party what comes for it: at once where the pipe is read on the party's own event loop, else in batches, in turns that
 * leave time for others.
 */
final class MessageDelivery {
    private static final Logger log = LoggerFactory.getLogger(MessageDelivery.class);
    private static final int TURN_BYTES = 1 << 20;
    private static final byte[] MESSAGE_END = {0};
    private static final String FAILED = "a party of Chrome's failed";

    private final ContextInternal context;
    private final Inbox inbox;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private Party.Receiver receiver;
    /** The end of the party, if it came before a receiver was there to hear of it. */
    private Optional<Runnable> untold = Optional.empty();
    // Written on the party's event loop.
    private volatile boolean paused = true;
    private volatile boolean closed;

    // On the pipe's.
    private int recent;
    private boolean touched;

    MessageDelivery(ContextInternal context, Inbox inbox) {
        this.context = context;
        this.inbox = inbox;
    }

    void start(Party.Receiver hears) {
        receiver = hears;
        untold.ifPresent(this::onContext);
    }

    // On the pipe's event loop

    /** How many messages came since this was last asked. */
    int takeRecent() {
        int taken = recent;
        recent = 0;
        return taken;
    }

    /** Whether the message that comes is the first in this turn. */
    boolean touch() {
        boolean first = !touched;
        touched = true;
        recent++;
        return first;
    }

    private boolean isDirect() {
        return !paused && context.nettyEventLoop().inEventLoop() && inbox.isEmpty();
    }

    void message(byte[] bytes, int from, int to) {
        if (!isDirect()) {
            inbox.add(bytes, from, to);
        } else if (!closed) {
            ContextInternal before = context.beginDispatch();
            try {
                receiver.piece(bytes, from, to, true);
            } catch (RuntimeException e) {
                log.error(FAILED, e);
            } finally {
                context.endDispatch(before);
            }
        }
    }

    /** @param restLength length of the message's rest that is for the party: bytes */
    void large(MessageSplitter.Large message, int restLength) {
        List<ByteBuf> pieces = new ArrayList<>(message.pieces());
        pieces.add(Unpooled.copiedBuffer(message.rest(), 0, restLength));
        pieces.add(Unpooled.copiedBuffer(MESSAGE_END));
        inbox.add(pieces, message.head());
    }

    /** @param sessionId empty for the party's own */
    void missed(MessageSplitter.Large message, String sessionId) {
        onContext(() -> whenStarted(() -> receiver.missed(message.head(), sessionId, message.length())));
    }

    /** Whether more came than may wait. */
    boolean isOverfull() {
        return inbox.isOverfull();
    }

    /** All that came together has come. */
    void turnEnds() {
        touched = false;
        if (isDirect()) {
            tell(receiver::turnEnds);
        } else if (inbox.seal() && !paused) {
            schedule();
        }
    }

    /**
     * Ends the delivery: no further message comes.
     *
     * @param why empty where Chrome has ended it: what came before is brought first, unless the party takes nothing now
     */
    void end(Optional<String> why) {
        if (why.isPresent()) {
            inbox.close();
        } else {
            inbox.seal();
        }
        onContext(() -> endOnceTaken(why));
    }

    void drained() {
        onContext(() -> whenStarted(() -> receiver.drained()));
    }

    // On the party's

    private void tell(Runnable event) {
        if (closed) {
            return;
        }
        ContextInternal before = context.beginDispatch();
        try {
            event.run();
        } catch (RuntimeException e) {
            log.error(FAILED, e);
        } finally {
            context.endDispatch(before);
        }
    }

    private void onContext(Runnable event) {
        try {
            context.runOnContext(ignored -> event.run());
        } catch (RejectedExecutionException e) {
            log.debug("an event loop is gone: {}", e.toString());
        }
    }

    private void whenStarted(Runnable event) {
        if (receiver == null) {
            untold = Optional.of(event); // of what comes before, the latest is the end
        } else {
            event.run();
        }
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            onContext(this::deliver);
        }
    }

    private void deliver() {
        scheduled.set(false);
        int left = TURN_BYTES;
        while (left > 0 && !paused) {
            Optional<ByteBuf> next = inbox.take();
            if (next.isEmpty()) {
                break;
            }
            left -= next.get().readableBytes();
            deliver(next.get());
        }
        int dropped = inbox.takeDropped();
        if (dropped > 0) {
            tell(() -> receiver.dropped(dropped));
        }
        if (!paused && inbox.isReady()) {
            schedule();
        }
    }

    private void endOnceTaken(Optional<String> why) {
        if (!paused && inbox.isReady()) {
            deliver();
            onContext(() -> endOnceTaken(why));
        } else if (close()) {
            whenStarted(() -> receiver.closed(why));
        }
    }

    private void deliver(ByteBuf batch) {
        try {
            tell(() -> Batch.read(batch, receiver));
        } finally {
            inbox.taken(batch);
        }
        tell(receiver::turnEnds);
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        if (inbox.isReady()) {
            schedule();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether it was not closed before. */
    boolean close() {
        boolean before = closed;
        closed = true;
        inbox.close();
        return !before;
    }

    /** Messages that were handed over together, each with a NUL behind it; a large one may begin or end in another batch. */
    static final class Batch {
        private static final int CHUNK_BYTES = 1 << 16;

        private static final FastThreadLocal<byte[]> CHUNK = new FastThreadLocal<>() {
            @Override
            protected byte[] initialValue() {
                return new byte[CHUNK_BYTES];
            }
        };

        private Batch() {}

        static void read(ByteBuf batch, Party.Receiver receiver) {
            byte[] chunk = CHUNK.get();
            while (batch.isReadable()) {
                int length = Math.min(batch.readableBytes(), CHUNK_BYTES);
                int end = batch.bytesBefore(length, (byte) 0);
                boolean last = end >= 0;
                int piece = last ? end : length;
                batch.readBytes(chunk, 0, piece).skipBytes(last ? 1 : 0);
                receiver.piece(chunk, 0, piece, last);
            }
        }
    }
}
