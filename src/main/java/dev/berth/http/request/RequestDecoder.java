package dev.berth.http.request;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ByteProcessor;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The decoder of Vert.x, stricter about where a request ends, so that a proxy can't see another end (request smuggling): such a
 * request is invalid, and nothing after it is read. Netty ignores an unknown {@code Transfer-Encoding}, and a
 * {@code Content-Length} beside a known one. Closes a connection whose next request's head takes too long: the idle limit of a connection
 * starts anew with each byte, and clients without a key must not hold all connections by a byte now and then.
 */
final class RequestDecoder extends VertxHttpRequestDecoder {
    /** Limit for the first head, from the connection's start, and for each further one, from its first byte. */
    private static final long HEAD_SECONDS = 60;

    /** Closes the connection; present while a head is awaited or comes. */
    private Optional<Future<?>> late = Optional.empty();

    private boolean inBody;

    RequestDecoder(HttpServerOptions options) {
        super(options);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        super.handlerAdded(ctx);
        expectHead(ctx);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        super.handlerRemoved0(ctx);
        headCame();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        headCame();
        super.channelInactive(ctx);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf bytes, List<Object> out) throws Exception {
        // Empty lines before a request are allowed, and begin none.
        boolean some = bytes.forEachByte(ByteProcessor.FIND_NON_CRLF) >= 0;
        int from = out.size();
        super.decode(ctx, bytes, out);
        for (Object part : out.subList(from, out.size())) {
            if (part instanceof HttpRequest) {
                headCame();
                inBody = true;
            }
            if (part instanceof LastHttpContent) {
                inBody = false;
            }
        }
        if (some && out.size() == from && !inBody && late.isEmpty()) {
            expectHead(ctx);
        }
    }

    private void expectHead(ChannelHandlerContext ctx) {
        late = Optional.of(
                ctx.executor().schedule(() -> Connections.cut(ctx.channel()), HEAD_SECONDS, TimeUnit.SECONDS));
    }

    private void headCame() {
        late.ifPresent(timer -> timer.cancel(false));
        late = Optional.empty();
    }

    /** Netty calls this first when it has all headers. An exception makes the request invalid. */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage request) {
        HttpHeaders headers = request.headers();
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            requireOneEnd(request, headers);
        }
        return super.isContentAlwaysEmpty(request);
    }

    private static void requireOneEnd(HttpMessage request, HttpHeaders headers) {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
            throw new IllegalArgumentException("Transfer-Encoding must be exactly 'chunked'");
        }
        if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            throw new IllegalArgumentException("Content-Length and Transfer-Encoding can't be combined");
        }
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            throw new IllegalArgumentException("HTTP/1.0 does not support Transfer-Encoding");
        }
    }
}
