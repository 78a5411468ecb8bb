package dev.berth.artifact;

import java.net.URLConnection;
import java.util.Locale;
import java.util.Map;

/** Content types by file name extension: the spool keeps only keys and bytes. */
public final class ContentTypes {
    private static final String UNKNOWN = "application/octet-stream";
    private static final Map<String, String> OURS = Map.of(
            "webp",
            "image/webp",
            "gz",
            "application/gzip",
            "csv",
            "text/csv",
            "json",
            "application/json",
            "webm",
            "video/webm");

    private ContentTypes() {}

    /** @param name a file name, a key, or just an extension */
    public static String of(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1);
        String guessed = URLConnection.guessContentTypeFromName("x." + extension);
        return OURS.getOrDefault(extension, guessed == null ? UNKNOWN : guessed);
    }

    /**
     * The extension of a file name, safe for use in a key; {@code bin} if there is none, or if it is the spool's own.
     */
    public static String extension(String fileName) {
        String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return fileName.contains(".") && extension.matches("(?!part$)[a-z0-9]{1,10}") ? extension : "bin";
    }
}
