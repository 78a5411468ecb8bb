package dev.berth.protocol;

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
