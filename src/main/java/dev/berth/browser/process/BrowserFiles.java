package dev.berth.browser.process;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.berth.browser.SavedProfile;
import dev.berth.browser.UploadFolder;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileCommand.FileName;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The uploads and downloads of one Chrome. They lie in the Chrome's own folder, and are deleted with it. Any thread may call. */
public final class BrowserFiles implements UploadFolder {
    private static final Logger log = LoggerFactory.getLogger(BrowserFiles.class);
    private static final FileAttribute<?> WRITTEN_BY_SERVER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    /** In which part of the session's disk limit given files must fit, so that the profile can still grow: seven eighths. */
    private static final int PROFILE_SHARE = 8;

    private final Vertx vertx;
    private final Path home;
    private final OptionalInt owner;
    private final long maxBytes;

    /** @param maxBytes the session's disk limit, in bytes */
    public BrowserFiles(Vertx vertx, Path home, OptionalInt owner, long maxBytes) {
        this.maxBytes = maxBytes;
        this.vertx = vertx;
        this.home = home;
        this.owner = owner;
    }

    /**
     * Three quarters of the session's disk limit. The rest is left to profile and uploads, so that downloads alone never end a
     * session.
     */
    public long maxDownloadBytes() {
        return maxBytes / 4 * 3;
    }

    /** The folder that Chrome downloads to. */
    public Path downloads() {
        return Profiles.downloads(home);
    }

    /** The folder of the files that pages may be given. */
    public Path uploaded() {
        return Profiles.uploads(home);
    }

    /** Writes the profile of a Chrome whose processes have all ended. Fails where a session could not begin with it. Blocks. */
    public SavedProfile.Contents archive(byte[] state, SavedProfile.Destination to) throws IOException {
        return ProfileArchive.write(home, state, to, maxBytes);
    }

    /** Takes a finished download out of Chrome's reach, and gives the path. Fails where Chrome has put something else in its place. */
    public Future<Path> take(String name) {
        return blocking(() -> {
            try (UntrustedFolder downloads = UntrustedFolder.open(downloads())) {
                downloads.take(Path.of(name), taken(name));
            }
            return taken(name);
        });
    }

    private Path taken(String name) {
        return Profiles.taken(home).resolve(name);
    }

    /** Removes what {@link #take} has taken. */
    public Future<Void> drop(String name) {
        return blocking(() -> {
            Profiles.delete(taken(name));
            return null;
        });
    }

    /** Removes files that {@link #write} has written, each with its folder. */
    public Future<Void> remove(List<String> paths) {
        return vertx.executeBlocking(
                () -> {
                    paths.forEach(path -> Profiles.delete(Path.of(path).getParent()));
                    return null;
                },
                false);
    }

    /** Writes files for a page and returns their paths. Fails with {@code upstream}. */
    public Future<List<String>> write(List<String> names, List<Buffer> contents) {
        return vertx.executeBlocking(
                        () -> {
                            List<String> paths = new ArrayList<>();
                            for (int i = 0; i < names.size(); i++) {
                                paths.add(write(names.get(i), contents.get(i)));
                            }
                            return paths;
                        },
                        false)
                .recover(e -> {
                    log.warn("files for a Chrome could not be written: {}", e.toString());
                    return Future.failedFuture(BerthException.ofFullDisk(e)
                            .orElse(new BerthException(
                                    ErrorCode.UPSTREAM, "the files could not be written for the browser", e)));
                });
    }

    private String write(String name, Buffer content) throws IOException {
        Path file = make(name, content);
        give(file);
        return file.toString();
    }

    /** Lets Chrome read the file from now on. The name stays the server's: Chrome can't put anything else in the file's place. */
    private void give(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        Profiles.own(file, owner);
    }

    /**
     * Each file has a folder of its own, so that names may repeat; its name is random, as users of other Chromes may pass
     * through the parent.
     */
    private Path make(String name, Buffer content) throws IOException {
        Path folder = uploaded().resolve(UUID.randomUUID().toString());
        Path file = within(folder, FileName.of(name));
        Files.createDirectory(folder, Profiles.passThrough(owner));
        try (FileChannel channel =
                FileChannel.open(file, Set.of(CREATE_NEW, WRITE, LinkOption.NOFOLLOW_LINKS), WRITTEN_BY_SERVER)) {
            write(channel, content);
        }
        return file;
    }

    private static void write(FileChannel channel, Buffer content) throws IOException {
        for (ByteBuffer bytes = ByteBuffer.wrap(content.getBytes()); bytes.hasRemaining(); ) {
            channel.write(bytes);
        }
    }

    @Override
    public Future<Path> create(String name) {
        return blocking(() -> make(name, Buffer.buffer()));
    }

    @Override
    public Future<Void> append(Path file, Buffer bytes) {
        return blocking(() -> {
            try (FileChannel channel = FileChannel.open(file, Set.of(APPEND, LinkOption.NOFOLLOW_LINKS))) {
                write(channel, bytes);
            }
            return null;
        });
    }

    @Override
    public Future<Long> size(Path file) {
        return blocking(() -> Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .size());
    }

    @Override
    public Future<Void> seal(Path file) {
        return blocking(() -> {
            give(file);
            return null;
        });
    }

    @Override
    public Future<Void> remove(Path file) {
        return blocking(() -> {
            Profiles.delete(file.getParent());
            return null;
        });
    }

    @Override
    public Future<Long> left() {
        return blocking(() -> Math.max(
                0,
                maxBytes / PROFILE_SHARE * (PROFILE_SHARE - 1)
                        - FolderSize.of(home).bytes()));
    }

    /** A cause may name a path of this machine, so that only the log gets it. */
    private <T> Future<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(work, false).recover(e -> {
            log.warn("the files of a Chrome can't be read: {}", e.toString());
            return Future.failedFuture(BerthException.ofFullDisk(e)
                    .orElse(new BerthException(
                            ErrorCode.UPSTREAM, "the server can't use the files of the session", e)));
        });
    }

    private static Path within(Path folder, String name) throws IOException {
        Path file = resolve(folder, name);
        if (!folder.equals(file.normalize().getParent())) {
            throw new IOException("not a file name: " + name);
        }
        return file;
    }

    /** A JVM whose locale has no Unicode can only write ASCII names. */
    private static Path resolve(Path folder, String name) {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            return folder.resolve(name.replaceAll("[^ -~]", "_"));
        }
    }
}
