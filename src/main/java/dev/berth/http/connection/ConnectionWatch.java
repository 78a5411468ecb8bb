package dev.berth.http.connection;

import dev.berth.clock.LivedTime;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Set;

/**
 * Observes the requests and responses between Vert.x and its codec. Vert.x has one listener for the end of each, and the router
 * uses it. Leaves the pipeline when the connection is upgraded.
 */
public final class ConnectionWatch extends ChannelDuplexHandler {
    private final Channel channel;
    private final Conversation conversation;
    private final Set<ConnectionWatch> watched;
    /** Whether nothing after this response can be read. */
    private boolean last;

    /** @param watched holds this handler while it is in the pipeline */
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
        if (message instanceof HttpRequest request) {
            conversation.requestBegan(HttpUtil.is100ContinueExpected(request), LivedTime.nanos());
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
        if (interim) {
            conversation.continued();
        } else if (response != null && conversation.isEndInDoubt()) {
            last = true;
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        if (message instanceof LastHttpContent && !interim) {
            conversation.answered(LivedTime.nanos());
            ctx.write(message, last ? promise.unvoid().addListener(ChannelFutureListener.CLOSE) : promise);
        } else {
            ctx.write(message, promise);
        }
        if (interim && response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            ctx.pipeline().remove(this);
        }
    }

    /** Called by the decoder before it decodes. */
    void received() {
        conversation.received(LivedTime.nanos());
    }

    boolean overdue(long now) {
        ChannelOutboundBuffer written = channel.unsafe().outboundBuffer();
        if (written != null) {
            conversation.unread(written.totalPendingWriteBytes() - written.currentProgress(), now);
        }
        return conversation.overdue(now);
    }

    /** Whether the client has not taken all that was written. */
    private static boolean isUnread(Channel channel) {
        ChannelOutboundBuffer written = channel.unsafe().outboundBuffer();
        return written != null && written.totalPendingWriteBytes() > 0;
    }

    /**
     * Closes at once: Vert.x would first write what is queued, and the kernel would keep sending it. On the channel's event
     * loop.
     */
    public static void end(Channel channel) {
        if (isUnread(channel)) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        // Starts below the handler of Vert.x.
        channel.pipeline().firstContext().close();
    }

    /** Closes the connection of a request at once; on any thread. */
    public static void end(HttpServerRequest request) {
        Channel channel = ((ConnectionBase) request.connection()).channel();
        channel.eventLoop().execute(() -> end(channel));
    }

    void close() {
        end(channel);
    }
}
