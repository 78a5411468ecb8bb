package dev.berth.http.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * One of two connections that are joined: what is read from it is written to the other one, as it is and as fast as that one
 * takes it. Stands before the handler of Vert.x, whose streams would cost as much again, and takes bytes alone, so that it may
 * be added while the connection still speaks HTTP. Both are on the same event loop.
 */
final class JoinedEnd extends ChannelInboundHandlerAdapter {
    private final Queue<ByteBuf> early = new ArrayDeque<>();
    private ChannelHandlerContext own;
    private Optional<JoinedEnd> other = Optional.empty();

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

    /** Both end when either does. */
    void join(JoinedEnd to) {
        other = Optional.of(to);
        to.other = Optional.of(this);
        begin(to);
        to.begin(this);
    }

    private void begin(JoinedEnd to) {
        early.forEach(to.own::write);
        early.clear();
        to.own.flush();
        read(to.own.channel().isWritable());
        if (!own.channel().isActive()) {
            to.end();
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
            other.get().own.write(bytes);
        } else {
            early.add(bytes);
            read(false);
        }
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
        other.ifPresent(JoinedEnd::end);
        ctx.fireChannelInactive();
    }

    /** Closes after what was written. What is not taken is dropped when the connection's idle limit is over. */
    private void end() {
        own.channel().close();
    }
}
