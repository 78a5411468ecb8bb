package dev.berth.egress;

import dev.berth.limits.MemoryBudget.Share;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what one socket reads to another socket on the same event loop, no faster than that one writes. Works on Netty's channels:
 * Vert.x's sockets would copy each buffer twice. Passes an end on once all before it is written, and a broken connection as a broken one.
 */
final class Relay extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Relay.class);
    /** How long a host has to take what a Chrome that is gone has sent it. */
    private static final long END_MILLIS = 30_000;

    private static final String NAME = "relay";
    /** Vert.x's handler: hears of the socket's end, but gets no data any more. */
    private static final String VERTX = "handler";

    private final Channel to;
    private final IntConsumer count;
    private final Share waiting;
    private final long endMillis;
    /** The relay in the other direction. */
    private Relay back;

    /**
     * @param waiting for bytes that are read and not written yet: some 64 KiB for a connection that its other side does not read
     * @param endMillis how long the rest may take to be written once there is no more to read; 0 for as long as it takes
     */
    private Relay(Channel to, IntConsumer count, Share waiting, long endMillis) {
        this.to = to;
        this.count = count;
        this.waiting = waiting;
        this.endMillis = endMillis;
    }

    /**
     * From now on each reads what the other writes. A Chrome reads the rest when its page does; a server has a limited time for what a
     * Chrome that is gone has sent it.
     */
    static void join(
            NetSocketInternal chrome,
            IntConsumer out,
            NetSocketInternal server,
            IntConsumer in,
            Supplier<Share> shares) {
        Channel left = chrome.channelHandlerContext().channel();
        Channel right = server.channelHandlerContext().channel();
        Relay there = new Relay(right, out, shares.get(), END_MILLIS);
        Relay back = new Relay(left, in, shares.get(), 0);
        there.back = back;
        back.back = there;
        left.pipeline().addBefore(VERTX, NAME, there);
        right.pipeline().addBefore(VERTX, NAME, back);
        left.config().setAutoRead(true);
        right.config().setAutoRead(true);
        if (!left.isActive() || !right.isActive()) {
            // A side that ended before the relays were there has told nobody.
            left.close();
            right.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        if (!to.isActive()) {
            // The other side has left, and nobody waits for this.
            ReferenceCountUtil.release(message);
            return;
        }
        count.accept(((ByteBuf) message).readableBytes());
        to.write(message, to.voidPromise());
        if (!to.isWritable()) {
            to.flush();
            from.channel().config().setAutoRead(to.isWritable());
            hold(from);
        }
    }

    private void hold(ChannelHandlerContext from) {
        ChannelOutboundBuffer left = to.unsafe().outboundBuffer();
        if (left != null && !waiting.tryHold(left.totalPendingWriteBytes())) {
            log.debug("a connection is broken off: too much waits to be read from it");
            breakOff(to);
            breakOff(from.channel());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        to.flush();
    }

    /** This side can be written to again, or no more: the other side reads again, or waits. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        boolean room = from.channel().isWritable();
        if (room) {
            back.waiting.hold(0);
        }
        to.config().setAutoRead(room);
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        if (to.isActive()) {
            to.close();
            if (endMillis > 0 && to.isActive()) {
                to.eventLoop().schedule(() -> breakOff(to), endMillis, TimeUnit.MILLISECONDS);
            }
        }
        back.waiting.close();
        from.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable e) {
        breakOff(to);
        breakOff(from.channel());
    }

    /** Resets a connection. Unwritten bytes are lost, and the peer notices: it must not take half an answer for a whole one. */
    static void breakOff(Channel channel) {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.unsafe().close(channel.voidPromise());
        }
    }
}
