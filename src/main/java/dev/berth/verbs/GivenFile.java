package dev.berth.verbs;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileName;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.List;

/**
 * A file in the arguments of {@link Verbs#UPLOAD}. The bus carries no bulk data: a caller stores the files first, and passes on
 * what was stored ({@link Arguments#withStored}).
 *
 * @param name valid as a file name in any folder
 */
public record GivenFile(String name, Buffer content) {
    private static final int MAX_NAME_CHARS = 1_000;

    /** The files in the arguments of {@code upload}. Decoding large ones takes a while. */
    public static List<GivenFile> of(Arguments upload) {
        List<GivenFile> files = upload.objects("files", GivenFile::read);
        if (files.isEmpty() || files.size() > Upload.MAX_FILES) {
            throw invalid("files must have 1 to " + Upload.MAX_FILES + " entries, not " + files.size());
        }
        return files;
    }

    private static GivenFile read(Arguments file) {
        String given = file.text("name");
        if (given.isEmpty() || given.length() > MAX_NAME_CHARS || given.indexOf('\0') >= 0) {
            throw invalid("files: a name must have 1 to " + MAX_NAME_CHARS + " characters, and no NUL characters");
        }
        String name = FileName.of(given);
        try {
            return new GivenFile(name, Buffer.buffer(Base64.getDecoder().decode(file.text("content"))));
        } catch (IllegalArgumentException e) {
            throw invalid("files: the content of '" + name + "' is not base64");
        }
    }

    private static BerthException invalid(String why) {
        return new BerthException(ErrorCode.INVALID_ARGUMENT, why);
    }
}
