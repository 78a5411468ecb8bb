package dev.berth.http.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;

/**
 * Vert.x's decoder, but for requests whose end another server might see elsewhere: those are invalid, and nothing after them is
 * read. Netty itself passes over a {@code Transfer-Encoding} that it does not know, and over a {@code Content-Length} beside one
 * that it does.
 */
final class RequestDecoder extends VertxHttpRequestDecoder {
    private final Runnable onBytes;

    /** @param onBytes called when something has come, before it is decoded */
    RequestDecoder(HttpServerOptions options, Runnable onBytes) {
        super(options);
        this.onBytes = onBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) throws Exception {
        onBytes.run();
        super.channelRead(ctx, bytes);
    }

    /** Netty's first question when all headers of a request are there: what is thrown here makes it an invalid one. */
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
            throw new IllegalArgumentException("Transfer-Encoding must be 'chunked', and nothing else");
        }
        if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            throw new IllegalArgumentException("Content-Length and Transfer-Encoding exclude each other");
        }
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            throw new IllegalArgumentException("HTTP/1.0 has no Transfer-Encoding");
        }
    }
}
