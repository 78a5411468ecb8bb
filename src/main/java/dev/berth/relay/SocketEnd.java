package dev.berth.relay;

import dev.berth.memory.MemoryBudget;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import dev.berth.relay.command.CommandText;
import dev.berth.websocket.FrameCutter;
import dev.berth.websocket.Frames;
import dev.berth.websocket.SocketHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chrome by its WebSocket, as plain TCP. Frames pass as they came, but that they are cut where their chunks end. */
final class SocketEnd implements ChromeEnd {
    private static final Logger log = LoggerFactory.getLogger(SocketEnd.class);
    private static final int WRITE_QUEUE_BYTES = 1 << 20;

    private final SocketHandshake.Opened opened;
    private final NetSocket socket;
    private final ChannelHandlerContext channel;
    private final FrameCutter cutter = new FrameCutter();
    private final MemoryBudget.Share budget;
    /** Before {@link #unsent}; those of large messages go out one by one. */
    private final Deque<ByteBuf> waiting = new ArrayDeque<>();

    private Buffer unsent = Buffer.buffer();
    private Listener listener;
    private long heldBytes;
    private boolean over;

    private SocketEnd(SocketHandshake.Opened opened, Object user) {
        this.opened = opened;
        this.socket = opened.socket();
        this.budget = CdpRelay.MEMORY.share(user);
        this.channel = ((NetSocketInternal) socket).channelHandlerContext();
    }

    /** @param user whose session it is */
    static Future<ChromeEnd> open(ContextInternal context, NetClient client, CdpEndpoint endpoint, Object user) {
        return SocketHandshake.open(context, client, endpoint)
                .<ChromeEnd>map(opened -> new SocketEnd(opened, user))
                .recover(e -> Future.failedFuture(
                        new BerthException(ErrorCode.UPSTREAM, "the browser does not answer: " + e.getMessage(), e)));
    }

    @Override
    public String targetId() {
        return opened.targetId();
    }

    @Override
    public void start(Listener hears) {
        listener = hears;
        socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES)
                .drainHandler(drained -> drained())
                .handler(chunk -> frames(cutter.cut(chunk)))
                .exceptionHandler(SocketEnd::ignored)
                .closeHandler(gone -> {
                    over();
                    listener.closed();
                });
    }

    private void frames(Buffer cut) {
        if (cut.length() > 0) {
            listener.frames(cut);
        }
    }

    private void drained() {
        writeOn();
        if (!isFull()) {
            listener.drained();
        }
    }

    @Override
    public boolean isOpen() {
        return channel.channel().isActive();
    }

    @Override
    public void send(CommandText text) {
        Frames.appendHeadForChrome(unsent, text.length());
        if (text.isSmall()) {
            unsent.appendBytes(text.array(), 0, text.length());
            return;
        }
        seal();
        for (ByteBuf piece : text.take()) {
            waiting.add(piece);
            hold(piece.capacity());
        }
    }

    private void hold(long more) {
        heldBytes += more;
        budget.hold(over ? 0 : heldBytes);
    }

    private void seal() {
        if (unsent.length() > 0) {
            waiting.add(Unpooled.wrappedBuffer(unsent.getBytes()));
            unsent = Buffer.buffer();
        }
    }

    @Override
    public boolean flush() {
        if (unsent.length() == 0 && waiting.isEmpty()) {
            return false;
        }
        if (waiting.isEmpty()) {
            write(unsent);
            unsent = Buffer.buffer();
        } else {
            seal();
            writeOn();
        }
        return true;
    }

    private void writeOn() {
        while (!waiting.isEmpty() && !socket.writeQueueFull()) {
            ByteBuf next = waiting.remove();
            hold(-Math.min(heldBytes, next.capacity()));
            byte[] bytes = new byte[next.readableBytes()];
            next.readBytes(bytes).release();
            write(Buffer.buffer(bytes));
        }
    }

    private void write(Buffer bytes) {
        socket.write(bytes).onFailure(SocketEnd::ignored);
    }

    @Override
    public boolean isFull() {
        return !waiting.isEmpty() || socket.writeQueueFull();
    }

    @Override
    public void pause() {
        socket.pause();
    }

    @Override
    public void resume() {
        socket.resume();
    }

    private void over() {
        over = true;
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        budget.hold(0);
    }

    @Override
    public void close() {
        over();
        socket.resume();
        socket.close().onFailure(SocketEnd::ignored);
    }

    /** A socket that fails closes, and that is heard. */
    private static void ignored(Throwable e) {
        log.debug("CDP: {}", e.toString());
    }
}
