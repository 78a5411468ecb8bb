package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.berth.protocol.FileCommand.FileName;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A file that a session produced or received.
 *
 * @param objectId unique within the deployment
 * @param type its kind
 * @param objectKey its key in the bucket
 * @param timestamp when it was created
 * @param fileName the name that the page or the client gave it
 * @param size bytes; 0 for a recording that is not complete
 * @param state {@code stored}, or {@code pending} while it is recorded or its bytes wait for the object store
 * @param pageId the page that it is of; empty where it is of none, or the page is not known
 * @param startedAt when the first frame of a recording was painted; empty while it is not complete, and where it is not known
 * @param endedAt until when its last frame is shown
 */
public record ArtifactEntry(
        String objectId,
        ArtifactType type,
        String objectKey,
        Optional<String> fileName,
        Instant timestamp,
        String contentType,
        long size,
        ArtifactState state,
        Optional<String> pageId,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {
    public ArtifactEntry {
        Require.present("objectId", objectId);
        Require.present("type", type);
        Require.present("objectKey", objectKey);
        Require.present("fileName", fileName);
        Require.present("timestamp", timestamp);
        Require.present("contentType", contentType);
        Require.within("size", size, 0, Long.MAX_VALUE);
        Require.present("state", state);
        Require.present("pageId", pageId);
        Require.present("startedAt", startedAt);
        Require.present("endedAt", endedAt);
    }

    /** A file that is no recording, or not a complete one. */
    public ArtifactEntry(
            String objectId,
            ArtifactType type,
            String objectKey,
            Optional<String> fileName,
            Instant timestamp,
            String contentType,
            long size,
            ArtifactState state,
            Optional<String> pageId) {
        this(
                objectId,
                type,
                objectKey,
                fileName,
                timestamp,
                contentType,
                size,
                state,
                pageId,
                Optional.empty(),
                Optional.empty());
    }

    /** A file of no page. */
    public ArtifactEntry(
            String objectId,
            ArtifactType type,
            String objectKey,
            Optional<String> fileName,
            Instant timestamp,
            String contentType,
            long size,
            ArtifactState state) {
        this(objectId, type, objectKey, fileName, timestamp, contentType, size, state, Optional.empty());
    }

    /** The same artifact, of a page. */
    public ArtifactEntry on(Optional<String> page) {
        return new ArtifactEntry(
                objectId, type, objectKey, fileName, timestamp, contentType, size, state, page, startedAt, endedAt);
    }

    /** Whether it is a file that has its name from a client or a page, by which it can be asked for. */
    @JsonIgnore
    public boolean isNamed() {
        return fileName.isPresent() && (type == ArtifactType.UPLOAD || type == ArtifactType.DOWNLOAD);
    }

    /**
     * The file that a name stands for among these, which are in the order of their times: the latest that a client gave, else the latest
     * that was downloaded; of those that can be read.
     */
    public static Optional<ArtifactEntry> named(String name, List<ArtifactEntry> all) {
        return all.stream()
                .filter(file -> file.isNamed() && file.readable() && file.fileName.equals(Optional.of(name)))
                .reduce((earlier, later) ->
                        earlier.type == ArtifactType.UPLOAD && later.type != ArtifactType.UPLOAD ? earlier : later);
    }

    /** Whether its bytes can be read, from the object store or from this node's disk. */
    public boolean readable() {
        boolean incomplete = type == ArtifactType.RECORDING && size == 0;
        return state == ArtifactState.STORED || state == ArtifactState.PENDING && !incomplete;
    }

    /** The same artifact in another state. */
    public ArtifactEntry with(ArtifactState newState) {
        return new ArtifactEntry(
                objectId,
                type,
                objectKey,
                fileName,
                timestamp,
                contentType,
                size,
                newState,
                pageId,
                startedAt,
                endedAt);
    }

    /** The same artifact, of which so many bytes are there. */
    public ArtifactEntry sized(long bytes) {
        return new ArtifactEntry(
                objectId, type, objectKey, fileName, timestamp, contentType, bytes, state, pageId, startedAt, endedAt);
    }

    /** The same recording, which is complete now. */
    public ArtifactEntry recorded(long bytes, Instant from, Instant to) {
        return new ArtifactEntry(
                objectId,
                type,
                objectKey,
                fileName,
                timestamp,
                contentType,
                bytes,
                state,
                pageId,
                Optional.of(from),
                Optional.of(to));
    }

    /** The place of an artifact's bytes. */
    public enum ArtifactState {
        /** Being recorded, or in the server's spool, waiting for upload. */
        PENDING,
        /** The bytes are in the object store. */
        STORED,
        /** A recording of which nothing could be saved. */
        LOST,
        /** A state that only a newer version knows. */
        @JsonEnumDefaultValue
        UNKNOWN;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The kinds of artifacts. */
    public enum ArtifactType {
        SCREENSHOT,
        PDF,
        /** A file that a page downloaded. */
        DOWNLOAD,
        /** A file that a client gave to a page. */
        UPLOAD,
        /** A video of the session. Its size is 0 until it is complete. */
        RECORDING,
        /** A type that only a newer version knows. */
        @JsonEnumDefaultValue
        UNKNOWN;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A file for a page. Its bytes are in the object store, since the bus carries no bulk data.
     *
     * @param name as the page sees it; converted by {@link FileName}
     * @param artifact where the bytes are
     */
    public record UploadedFile(String name, ArtifactEntry artifact) {
        public UploadedFile {
            name = FileName.of(Require.present("name", name));
            Require.present("artifact", artifact);
        }
    }

    /**
     * A recording that is running.
     *
     * @param objectId of its artifact, which is {@code pending} until the recording ends
     */
    public record RecordingInProgress(String objectId, Instant startedAt) {
        public RecordingInProgress {
            Require.present("objectId", objectId);
            Require.present("startedAt", startedAt);
        }
    }
}
