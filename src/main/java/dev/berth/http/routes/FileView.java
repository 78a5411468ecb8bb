package dev.berth.http.routes;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.SessionReply.NamedFile;
import dev.berth.protocol.ShownJson.Link;
import dev.berth.protocol.ShownJson.Links;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A file of a session as clients see it: an artifact, a file that is not complete, or one on the browser's disk, with the names that the
 * routes of files have for their fields.
 *
 * @param source {@code upload} or {@code download}
 * @param size bytes that are there
 * @param total size of the whole file where it is not complete
 * @param path where CDP clients of the session find it; empty where it is not on the browser's disk
 */
public record FileView(
        String name,
        ArtifactType source,
        boolean complete,
        long size,
        Optional<Long> total,
        Optional<String> path,
        Optional<String> contentType,
        Optional<String> objectId,
        Optional<ArtifactState> state,
        Optional<Instant> timestamp,
        Optional<String> publicUrl,
        Optional<Instant> expiresAt) {

    /** @param onDisk the files on the browser's disk */
    static FileView of(ArtifactEntry file, List<NamedFile> onDisk, Links links) {
        Optional<Link> link = links.to(file);
        return new FileView(
                file.fileName().orElseThrow(),
                file.type(),
                true,
                file.size(),
                Optional.empty(),
                onDisk.stream()
                        .filter(there -> there.artifact()
                                .filter(kept -> kept.objectId().equals(file.objectId()))
                                .isPresent())
                        .findFirst()
                        .flatMap(NamedFile::path),
                Optional.of(file.contentType()),
                Optional.of(file.objectId()),
                Optional.of(file.state()),
                Optional.of(file.timestamp()),
                link.map(Link::url),
                link.map(Link::expiresAt));
    }

    static FileView begun(NamedFile file) {
        return new FileView(
                file.name(),
                ArtifactType.UPLOAD,
                false,
                file.received(),
                file.total(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
