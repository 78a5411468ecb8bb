package dev.berth.session.record;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A frame of a flight recorder, as a file whose name is its time. */
record StoredFrame(Instant at) {
    private static final Pattern NAME = Pattern.compile("(\\d{1,15})\\.jpg");
    private static final int END_OF_IMAGE = 0xFFD9;

    static Optional<StoredFrame> parse(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(new StoredFrame(Instant.ofEpochMilli(Long.parseLong(matcher.group(1)))))
                : Optional.empty();
    }

    private String in(Path folder) {
        return folder.resolve(at.toEpochMilli() + ".jpg").toString();
    }

    Future<Void> write(FileSystem files, Path folder, Buffer jpeg) {
        return files.writeFile(in(folder), jpeg);
    }

    Future<Void> delete(FileSystem files, Path folder) {
        return files.delete(in(folder));
    }

    /** The picture; empty if its writer was killed before it was complete. */
    Future<Optional<Buffer>> read(FileSystem files, Path folder) {
        return files.readFile(in(folder))
                .map(Optional::of)
                .otherwise(Optional.empty())
                .map(read -> read.filter(StoredFrame::isWhole));
    }

    private static boolean isWhole(Buffer jpeg) {
        return jpeg.length() > 2 && jpeg.getUnsignedShort(jpeg.length() - 2) == END_OF_IMAGE;
    }
}
