package dev.berth.artifact;

import java.util.Map;

/** What an object is, by its key: the spool keeps nothing but keys and bytes. */
final class ContentTypes {
    private static final Map<String, String> BY_EXTENSION = Map.of(
            "png", "image/png",
            "jpg", "image/jpeg",
            "webp", "image/webp",
            "gz", "application/gzip");

    private ContentTypes() {}

    static String of(String key) {
        return BY_EXTENSION.getOrDefault(key.substring(key.lastIndexOf('.') + 1), "application/octet-stream");
    }
}
