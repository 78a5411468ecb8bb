package dev.berth.verbs;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileName;
import dev.berth.protocol.UploadedFile;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A file in the arguments of {@link Verbs#UPLOAD}. The bus carries no bulk data: a caller stores the files first, and passes on
 * what was stored ({@link Arguments#withStored}).
 *
 * @param name valid as a file name in any folder
 */
public record GivenFile(String name, Buffer content) {
    private static final int MAX_NAME_CHARS = 1_000;

    /**
     * The files in the arguments of {@code upload} that come with their content; none where all are files that the session has, which
     * are given by their names. Decoding large ones takes a while.
     */
    public static List<GivenFile> of(Arguments upload) {
        List<Entry> entries = entries(upload);
        return entries.stream()
                .flatMap(entry -> entry.content().map(text -> decoded(entry.name(), text)).stream())
                .toList();
    }

    /** The stored form of the files in the arguments that come with their content. */
    static List<UploadedFile> stored(Arguments upload) {
        return upload.stored().orElseGet(() -> {
            if (!of(upload).isEmpty()) {
                throw invalid("files must be names of files that the session has");
            }
            return List.of();
        });
    }

    /** The names of the files that the session has. */
    static List<String> names(Arguments upload) {
        return entries(upload).stream()
                .filter(entry -> entry.content().isEmpty())
                .map(Entry::name)
                .toList();
    }

    /** @param content as base64; empty for a file that the session has */
    private record Entry(String name, Optional<String> content) {}

    private static List<Entry> entries(Arguments upload) {
        List<Entry> entries = upload.textsOrObjects("files", GivenFile::named, GivenFile::read);
        if (entries.isEmpty() || entries.size() > Upload.MAX_FILES) {
            throw invalid("files must have 1 to " + Upload.MAX_FILES + " entries, not " + entries.size());
        }
        return entries;
    }

    private static Entry named(String given) {
        if (given.isEmpty() || given.length() > MAX_NAME_CHARS || given.indexOf('\0') >= 0) {
            throw invalid("files: a name must have 1 to " + MAX_NAME_CHARS + " characters, and no NUL characters");
        }
        return new Entry(FileName.of(given), Optional.empty());
    }

    private static Entry read(Arguments file) {
        return new Entry(named(file.text("name")).name(), file.optionalText("content"));
    }

    private static GivenFile decoded(String name, String content) {
        try {
            return new GivenFile(name, Buffer.buffer(Base64.getDecoder().decode(content)));
        } catch (IllegalArgumentException e) {
            throw invalid("files: the content of '" + name + "' is not base64");
        }
    }

    private static BerthException invalid(String why) {
        return new BerthException(ErrorCode.INVALID_ARGUMENT, why);
    }
}
