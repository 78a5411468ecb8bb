package dev.berth.artifact;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.SessionId;
import java.net.URLConnection;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Names the files of sessions, their types, and their places in the object store: the spool keeps only keys and bytes. */
public final class NewArtifact {
    /** Prefix of the keys of sessions' objects; the id of their session follows. */
    public static final String FOLDER = "sessions/";

    /** Prefix of the keys of profiles' versions; a random UUID follows. */
    public static final String PROFILES = "profiles/";

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

    private NewArtifact() {}

    /** A file that is not in the object store yet. */
    public static ArtifactEntry pending(
            SessionId id, ArtifactType type, String extension, Optional<String> fileName, Instant at, long size) {
        String objectId = type.wireName() + "-" + UUID.randomUUID();
        return new ArtifactEntry(
                objectId,
                type,
                "sessions/%s/%s/%s.%s".formatted(id, type.wireName(), objectId, extension),
                fileName,
                at,
                contentType(extension),
                size,
                ArtifactState.PENDING);
    }

    /**
     * The content type, by the extension.
     *
     * @param name a file name, a key, or just an extension
     */
    static String contentType(String name) {
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
