package dev.berth.http.pages;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * A file that is the same for all.
 *
 * @param type for {@code Content-Type}
 * @param tag its {@code ETag}, by which a browser that has the file does not load it again
 * @param encoding for {@code Content-Encoding}; empty where the server may compress the bytes
 */
public record StaticFile(Buffer bytes, String type, String tag, Optional<String> encoding) {
    private static final String PNG = "image/png";
    private static final String HTML = "text/html; charset=utf-8";
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "md", "text/markdown; charset=utf-8",
            "txt", "text/plain; charset=utf-8",
            "png", PNG,
            "avif", "image/avif",
            "svg", "image/svg+xml",
            // Not TypeScript's own type: browsers take that for a video.
            "ts", "text/plain; charset=utf-8",
            "py", "text/x-python; charset=utf-8");

    /** Limit for compressed files: larger ones are not compressed, since compression runs on the event loop. */
    private static final int MAX_COMPRESSED_BYTES = 256 << 10;

    public static StaticFile of(String name, Buffer bytes) {
        String type = type(name);
        boolean plain = bytes.length() > MAX_COMPRESSED_BYTES || type.equals(PNG);
        return new StaticFile(bytes, type, tag(bytes), plain ? Optional.of("identity") : Optional.empty());
    }

    /** The same for bytes that gzip has compressed, which all browsers read. */
    static StaticFile packed(String name, Buffer bytes) {
        return new StaticFile(bytes, type(name), tag(bytes), Optional.of("gzip"));
    }

    private static String type(String name) {
        return TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), HTML);
    }

    private static String tag(Buffer bytes) {
        return '"' + hash(bytes) + '"';
    }

    private static String hash(Buffer bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.getBytes());
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param policy the {@code Content-Security-Policy} */
    public void send(RoutingContext ctx, String policy) {
        HttpServerResponse response = ctx.response()
                .putHeader("Content-Type", type)
                .putHeader("Content-Security-Policy", policy)
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Cache-Control", "no-cache")
                .putHeader("ETag", tag);
        encoding.ifPresent(name -> response.putHeader("Content-Encoding", name));
        String had = ctx.request().getHeader("If-None-Match");
        if (had != null && had.contains(tag)) {
            response.setStatusCode(304).end();
        } else {
            response.end(bytes);
        }
    }
}
