package dev.berth.http.pages;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * A file that is the same for all.
 *
 * @param type for {@code Content-Type}
 * @param tag its {@code ETag}, by which a browser that has the file does not load it again
 */
record StaticFile(Buffer bytes, String type, String tag) {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            // Not TypeScript's own type: browsers take that for a video.
            "ts", "text/plain; charset=utf-8",
            "py", "text/x-python; charset=utf-8");

    /** More than that is not compressed, since that would run on the event loop. */
    private static final int MAX_COMPRESSED_BYTES = 256 << 10;

    static StaticFile of(String name, Buffer bytes) {
        return new StaticFile(bytes, TYPES.get(name.substring(name.lastIndexOf('.') + 1)), '"' + hash(bytes) + '"');
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
    void send(RoutingContext ctx, String policy) {
        HttpServerResponse response = ctx.response()
                .putHeader("Content-Type", type)
                .putHeader("Content-Security-Policy", policy)
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Cache-Control", "no-cache")
                .putHeader("ETag", tag);
        if (bytes.length() > MAX_COMPRESSED_BYTES) {
            response.putHeader("Content-Encoding", "identity");
        }
        String had = ctx.request().getHeader("If-None-Match");
        if (had != null && had.contains(tag)) {
            response.setStatusCode(304).end();
        } else {
            response.end(bytes);
        }
    }
}
