package dev.berth.http;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Writes together what comes in quick succession: with many commands in flight each reply would else cost the client, the
 * server and the kernel a wake-up of its own (measured with 32 in flight on two cores: 30 % more round trips). On the event
 * loop of its socket.
 */
final class Batches {
    /** About what a round trip takes with one in flight: with many, nobody waits longer for it. */
    private static final long HOLD_MICROS = 300;

    private static final int MAX_BYTES = 32 << 10;

    private final EventExecutor loop;
    private final Consumer<Buffer> write;
    private Buffer held = Buffer.buffer();
    private boolean scheduled;

    /** @param write sends bytes on their way */
    Batches(NetSocket socket, Consumer<Buffer> write) {
        this.loop = ((NetSocketInternal) socket).channelHandlerContext().executor();
        this.write = write;
    }

    /** @param more whether others are expected to follow at once */
    void add(Buffer bytes, boolean more) {
        if (held.length() + bytes.length() > MAX_BYTES || !more && held.length() == 0) {
            flush();
            write.accept(bytes);
            return;
        }
        held.appendBuffer(bytes);
        if (!scheduled) {
            scheduled = true;
            loop.schedule(this::timeIsUp, HOLD_MICROS, TimeUnit.MICROSECONDS);
        }
    }

    private void timeIsUp() {
        scheduled = false;
        flush();
    }

    /** Writes what is held. */
    void flush() {
        if (held.length() > 0) {
            Buffer batch = held;
            held = Buffer.buffer();
            write.accept(batch);
        }
    }
}
