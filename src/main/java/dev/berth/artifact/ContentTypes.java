package dev.berth.artifact;

import java.net.URLConnection;
import java.util.Locale;
import java.util.Map;

/** What a file is, by the extension of its name: the spool keeps nothing but keys and bytes. */
public final class ContentTypes {
    private static final String UNKNOWN = "application/octet-stream";
    private static final Map<String, String> OURS =
            Map.of("webp", "image/webp", "gz", "application/gzip", "csv", "text/csv", "json", "application/json");

    private ContentTypes() {}

    /** @param name a name, a key, or just an extension */
    public static String of(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1);
        String guessed = URLConnection.guessContentTypeFromName("x." + extension);
        return OURS.getOrDefault(extension, guessed == null ? UNKNOWN : guessed);
    }

    /** The extension of a file's name, as it can stand in a key; {@code bin} where it has none, or that of the spool. */
    public static String extension(String fileName) {
        String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return fileName.contains(".") && extension.matches("(?!part$)[a-z0-9]{1,10}") ? extension : "bin";
    }
}
