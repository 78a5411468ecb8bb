package dev.berth.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Set;

/**
 * Sees requests and answers pass between Vert.x and its codec: what Vert.x tells of their ends has one listener each, which is
 * the router's. Leaves a connection that is no longer HTTP.
 */
final class ConnectionWatch extends ChannelDuplexHandler {
    private final Channel channel;
    private final Conversation conversation;
    private final Set<ConnectionWatch> watched;

    /** @param watched has this handler in it while it is in the pipeline */
    ConnectionWatch(Channel channel, Conversation conversation, Set<ConnectionWatch> watched) {
        this.channel = channel;
        this.conversation = conversation;
        this.watched = watched;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        watched.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        watched.remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest) {
            conversation.requestBegan(System.nanoTime());
        }
        if (message instanceof LastHttpContent) {
            conversation.requestEnded();
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        HttpResponse response = message instanceof HttpResponse head ? head : null;
        boolean interim = response != null && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof LastHttpContent && !interim) {
            conversation.answered(System.nanoTime());
        }
        ctx.write(message, promise);
        if (interim && response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            ctx.pipeline().remove(this);
        }
    }

    boolean overdue(long now) {
        ChannelOutboundBuffer written = channel.unsafe().outboundBuffer();
        if (written != null) {
            conversation.unread(written.totalPendingWriteBytes() - written.currentProgress(), now);
        }
        return conversation.overdue(now);
    }

    void close() {
        channel.close();
    }
}
