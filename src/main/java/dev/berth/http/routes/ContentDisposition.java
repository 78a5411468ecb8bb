package dev.berth.http.routes;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Decides whether a browser shows a file or saves it, and under which name (RFC 6266, 8187). */
final class ContentDisposition {
    /** Types that can't run scripts. All others are saved: HTML, SVG and XML in particular would run under this origin. */
    private static final Set<String> SHOWN = Set.of("image/png", "image/jpeg", "image/webp", "image/gif", "text/plain");

    private ContentDisposition() {}

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
