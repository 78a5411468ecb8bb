package dev.berth.browser;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The files that one Chrome is given, and those that it gets: in its folder, so that they go with it. */
final class BrowserFiles {
    private static final int MAX_NAME_CHARS = 100;

    private static final FileAttribute<?> SEEN_BY_CHROME =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));

    private final Vertx vertx;
    private final Path home;
    private final OptionalInt owner;
    private int uploads;

    BrowserFiles(Vertx vertx, Path home, OptionalInt owner) {
        this.vertx = vertx;
        this.home = home;
        this.owner = owner;
    }

    /** Where Chrome puts what pages give. */
    Path downloads() {
        return Profiles.downloads(home);
    }

    /** Where files for pages are. */
    Path uploads() {
        return Profiles.uploads(home);
    }

    /** Writes files for a page; gives their paths. */
    Future<List<String>> write(List<String> names, List<Buffer> contents) {
        Path folder = uploads().resolve(Integer.toString(uploads++));
        return vertx.executeBlocking(
                        () -> {
                            Files.createDirectory(folder, SEEN_BY_CHROME);
                            List<String> paths = new ArrayList<>();
                            for (int i = 0; i < names.size(); i++) {
                                paths.add(write(folder.resolve(Integer.toString(i)), names.get(i), contents.get(i)));
                            }
                            return paths;
                        },
                        false)
                .recover(e -> Future.failedFuture(new BerthException(
                        ErrorCode.UPSTREAM, "the files could not be given to the browser: " + e.getMessage(), e)));
    }

    /** Two files of one name get a folder each. */
    private String write(Path folder, String name, Buffer content) throws IOException {
        Files.createDirectory(folder, SEEN_BY_CHROME);
        Path file = Files.write(folder.resolve(plain(name)), content.getBytes());
        Profiles.own(file, owner);
        return file.toString();
    }

    /** The last part of what may look like a path. */
    static String plain(String name) {
        String last = name.replaceFirst("^.*[/\\\\]", "")
                .replaceAll("\\p{Cntrl}", "_")
                .strip();
        String brief = last.length() <= MAX_NAME_CHARS ? last : last.substring(last.length() - MAX_NAME_CHARS);
        return brief.matches("\\.*") ? "file" : brief;
    }
}
