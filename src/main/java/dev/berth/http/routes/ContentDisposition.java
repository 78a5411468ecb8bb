package dev.berth.http.routes;

import io.vertx.core.http.HttpServerResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/** Decides whether a browser shows a file or saves it, and under which name (RFC 6266, 8187). */
public final class ContentDisposition {
    /** Types that can't run scripts: those of a PDF reach nothing but the PDF. All others are saved: HTML, SVG and XML in particular would run under this origin. */
    private static final Set<String> SHOWN = Set.of(
            "image/png",
            "image/jpeg",
            "image/webp",
            "image/gif",
            "text/plain",
            "application/pdf",
            "video/webm",
            "video/mp4");

    /** Types that a page of this origin could run or apply, such as {@code text/javascript}: these are sent as {@link #BYTES}. */
    private static final Pattern RUN = Pattern.compile("(?i).*(script|css|wasm).*", Pattern.DOTALL);

    private static final String BYTES = "application/octet-stream";

    private static final String NOTHING = "sandbox; default-src 'none'";
    /** Chrome plays a video by a page of its own, which loads the video once more from the same origin. Scripts stay forbidden. */
    private static final String ITSELF = "sandbox allow-same-origin; default-src 'none'; media-src 'self'";

    private ContentDisposition() {}

    /**
     * Describes a file of a response. Its content comes from web pages: a browser does not run it under this origin. It is not compressed, as
     * that runs on the event loop, and pictures do not shrink.
     */
    public static HttpServerResponse describe(HttpServerResponse response, String contentType, String fileName) {
        return response.putHeader("Content-Type", served(contentType))
                .putHeader("Content-Encoding", "identity")
                .putHeader("Content-Disposition", of(contentType, fileName))
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Content-Security-Policy", policy(contentType))
                .putHeader("Referrer-Policy", "no-referrer");
    }

    static String served(String contentType) {
        return RUN.matcher(contentType).matches() ? BYTES : contentType;
    }

    /** The rights of the file in a browser, as {@code Content-Security-Policy}. */
    static String policy(String contentType) {
        return contentType.startsWith("video/") ? ITSELF : NOTHING;
    }

    static String of(String contentType, String fileName) {
        return (SHOWN.contains(contentType) ? "inline" : "attachment") + "; filename=\"" + ascii(fileName)
                + "\"; filename*=UTF-8''" + percent(fileName);
    }

    /** For clients that do not know {@code filename*}: without the characters that they misread. */
    private static String ascii(String name) {
        return name.replaceAll("[^\\x20-\\x7e]|[\"\\\\%]", "_");
    }

    private static String percent(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }
}
