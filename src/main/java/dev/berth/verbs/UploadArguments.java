package dev.berth.verbs;

import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ClientJson;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileCommand.FileName;
import dev.berth.protocol.FileCommand.GivenFile;
import dev.berth.protocol.SessionCommand.Action;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The arguments of {@link Verbs#UPLOAD}, whose files may come with their content: a caller stores the files of {@link #files} first, and
 * passes on what was stored to {@link #read}.
 */
public final class UploadArguments {
    private static final int MAX_NAME_CHARS = 1_000;
    private static final String FILES = "files";
    private static final String NAMED = "named";
    private static final List<String> KNOWN = List.of("selector", FILES, "timeout", "page", "strict");

    private UploadArguments() {}

    /**
     * The files in the arguments of {@code upload} that come with their content; none where all are files that the session has, which
     * are given by their names. Decoding large ones takes a while.
     */
    public static List<GivenFile> files(JsonObject upload) {
        return entries(upload).stream()
                .flatMap(entry -> entry.content().map(text -> decoded(entry.name(), text)).stream())
                .toList();
    }

    /**
     * The command of {@code upload}.
     *
     * @param stored the files of {@link #files}
     */
    public static Verb.Asked<Upload> read(JsonObject upload, List<UploadedFile> stored) {
        return read(upload, stored, Action.DEFAULT_TIMEOUT_MILLIS);
    }

    static Verb.Asked<Upload> read(JsonObject upload, List<UploadedFile> stored, long timeoutMillis) {
        List<Entry> entries = entries(upload);
        List<String> named =
                names(entries.stream().filter(entry -> entry.content().isEmpty()));
        if (entries.size() - named.size() != stored.size()) {
            throw invalid("files must be names of files that the session has");
        }
        JsonObject allNamed = new JsonObject(new LinkedHashMap<>(upload.getMap()))
                .put(FILES, new JsonArray())
                .put(NAMED, names(entries.stream()));
        Verb.Asked<Upload> asked = ElementVerbs.UPLOAD.readComponents(allNamed, timeoutMillis);
        Upload command = asked.command();
        return new Verb.Asked<>(new Upload(command.selector(), stored, named, command.timeout()), asked.page());
    }

    private static List<String> names(Stream<Entry> entries) {
        return entries.map(Entry::name).toList();
    }

    /** The action log shows the names. */
    static Map<String, Object> logged(Upload upload) {
        return Map.of(
                "selector",
                upload.selector(),
                FILES,
                Stream.concat(upload.files().stream().map(UploadedFile::name), upload.named().stream())
                        .toList());
    }

    /** @param content as base64; empty for a file that the session has */
    private record Entry(String name, Optional<String> content) {}

    private static List<Entry> entries(JsonObject upload) {
        ClientJson.requireKnown("", upload, KNOWN);
        Object given = upload.getValue(FILES);
        if (given == null) {
            throw BerthException.invalid("files is missing");
        } else if (!(given instanceof JsonArray)) {
            throw BerthException.invalid("files must be a list of strings or objects");
        }
        JsonArray files = (JsonArray) given;
        if (files.isEmpty() || files.size() > Upload.MAX_FILES) {
            throw invalid("files must have 1 to " + Upload.MAX_FILES + " entries, not " + files.size());
        }
        return IntStream.range(0, files.size())
                .mapToObj(at -> entry("files." + at, files.getValue(at)))
                .toList();
    }

    private static Entry entry(String place, Object given) {
        if (given instanceof String name) {
            return new Entry(named(name), Optional.empty());
        } else if (given instanceof JsonObject file) {
            Entry entry = ClientJson.read(Entry.class, place + ".", file, new JsonObject());
            return new Entry(named(entry.name()), entry.content());
        }
        throw BerthException.invalid(place + " must be a string or an object");
    }

    private static String named(String given) {
        if (given.isEmpty() || given.length() > MAX_NAME_CHARS || given.indexOf('\0') >= 0) {
            throw invalid("files: a name must have 1 to " + MAX_NAME_CHARS + " characters, and no NUL characters");
        }
        return FileName.of(given);
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
