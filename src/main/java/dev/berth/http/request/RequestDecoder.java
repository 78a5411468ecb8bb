package dev.berth.http.request;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;

/**
 * The decoder of Vert.x, stricter about where a request ends, so that a proxy can't see another end (request smuggling): such a
 * request is invalid, and nothing after it is read. Netty ignores an unknown {@code Transfer-Encoding}, and a
 * {@code Content-Length} beside a known one.
 */
final class RequestDecoder extends VertxHttpRequestDecoder {
    RequestDecoder(HttpServerOptions options) {
        super(options);
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
