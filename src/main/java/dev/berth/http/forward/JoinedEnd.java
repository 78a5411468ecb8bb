package dev.berth.http.forward;

import dev.berth.websocket.CloseReason;
import dev.berth.websocket.FrameEnds;
import dev.berth.websocket.FrameWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * One of two joined connections: the bytes read from it are written to the other one, unchanged and as fast as that one takes them. Stands
 * before the handler of Vert.x, whose streams would cost as much again, and takes bytes alone, so that it may be added while the connection
 * still speaks HTTP. Both are on the same event loop.
 */
final class JoinedEnd extends ChannelInboundHandlerAdapter {
    /** Time for a client to answer a close frame. */
    private static final long ANSWER_MILLIS = 500;

    private final Queue<ByteBuf> early = new ArrayDeque<>();
    private final FrameEnds frames = new FrameEnds();
    private ChannelHandlerContext own;
    private Optional<JoinedEnd> other = Optional.empty();
    /** The close frame of the other end, should this one be lost. */
    private Optional<CloseReason> ifLost = Optional.empty();

    private JoinedEnd() {}

    /**
     * Keeps what comes, of which there is little, until it is known where to write it.
     *
     * @param connection of HTTP/1
     */
    static JoinedEnd of(Object connection) {
        JoinedEnd end = new JoinedEnd();
        ((ConnectionBase) connection).channel().pipeline().addBefore("handler", "joined", end);
        return end;
    }

    /**
     * Both end when either does.
     *
     * @param server whose frames go to this end
     * @param ifLost tells the client why, where the server's connection ends without a close frame
     */
    void join(JoinedEnd server, CloseReason ifLost) {
        server.ifLost = Optional.of(ifLost);
        join(server);
    }

    private void join(JoinedEnd to) {
        other = Optional.of(to);
        to.other = Optional.of(this);
        begin(to);
        to.begin(this);
    }

    private void begin(JoinedEnd to) {
        early.forEach(bytes -> pass(bytes, to));
        early.clear();
        to.own.flush();
        read(to.own.channel().isWritable());
        if (!own.channel().isActive()) {
            endOther();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        own = ctx;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        early.forEach(ByteBuf::release);
        early.clear();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
        } else if (other.isPresent()) {
            pass(bytes, other.get());
        } else {
            early.add(bytes);
            read(false);
        }
    }

    private void pass(ByteBuf bytes, JoinedEnd to) {
        if (ifLost.isPresent()) {
            frames.passed(bytes);
        }
        to.own.write(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        other.ifPresent(to -> to.own.flush());
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        other.ifPresent(from -> from.read(ctx.channel().isWritable()));
        ctx.fireChannelWritabilityChanged();
    }

    private void read(boolean may) {
        own.channel().config().setAutoRead(may);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endOther();
        ctx.fireChannelInactive();
    }

    /** A close frame in the middle of another one would be taken for a part of it. */
    private void endOther() {
        other.ifPresent(to -> ifLost.filter(any -> frames.mayAdd()).ifPresentOrElse(to::end, to::end));
    }

    /** Gives up this end: the other one is told why. */
    void lose(CloseReason why) {
        ifLost = Optional.of(why);
        end();
    }

    private void end(CloseReason why) {
        own.writeAndFlush(((BufferInternal) FrameWriter.close(why)).getByteBuf());
        own.executor().schedule(() -> end(), ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Closes after what was written. Bytes that are not taken are dropped when the connection's idle limit is over. */
    private void end() {
        own.channel().close();
    }
}
