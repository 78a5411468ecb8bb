package dev.berth.browser.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;

/**
 * An open folder in which a Chrome can replace each name at any moment, also after the server has looked: by a link to the files of others,
 * by a pipe that nobody writes to. So a name is looked at without following links, a folder is entered only if its key is still the one
 * that was seen, and a file is opened only after {@link #take} has put it out of the Chrome's reach. Its methods block.
 */
final class UntrustedFolder implements AutoCloseable {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final Set<PosixFilePermission> ALL_OF_OWNER = PosixFilePermissions.fromString("rwx------");

    private static final int MAX_TRIES = 1_000;
    /** Removed in one try: more than a session may have. */
    private static final int MAX_FOLDERS = 100_000;

    private final SecureDirectoryStream<Path> stream;

    private UntrustedFolder(DirectoryStream<Path> open) throws IOException {
        if (!(open instanceof SecureDirectoryStream<Path> secure)) {
            open.close();
            throw new IOException("this system has no way to read folders without following links");
        }
        this.stream = secure;
    }

    /** @param folder in a folder that only the server can write, so that its own name is not replaced */
    static UntrustedFolder open(Path folder) throws IOException {
        return new UntrustedFolder(Files.newDirectoryStream(folder));
    }

    /** Takes each name of a folder. */
    interface Use {
        void use(Path name) throws IOException;
    }

    /** Passes each name to {@code use}. Once. */
    void each(Use use) throws IOException {
        try {
            for (Path entry : stream) {
                use.use(entry.getFileName());
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Looks at the folder itself. */
    PosixFileAttributes look() throws IOException {
        return stream.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
    }

    /** A link is told as such. Fails with {@link NoSuchFileException} where there is nothing of this name. */
    PosixFileAttributes look(Path name) throws IOException {
        return stream.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /** Enters the folder that was seen under this name, and no other. */
    UntrustedFolder enter(Path name, PosixFileAttributes seen) throws IOException {
        // With the dot, a pipe is no folder to the system, which would wait for the pipe's writer otherwise.
        UntrustedFolder inner = new UntrustedFolder(stream.newDirectoryStream(name.resolve(".")));
        if (!seen.fileKey().equals(inner.look().fileKey())) {
            inner.close();
            throw new NotDirectoryException("another folder has taken the place of " + name);
        }
        return inner;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    /**
     * Moves a file to a place that the Chrome does not reach, where its name can't be replaced. Whoever has it open can still write to it.
     * Fails unless it is a regular file with one name, of the same owner as this folder.
     *
     * @param to on the same disk, in a folder where the Chrome can't write
     */
    void take(Path name, Path to) throws IOException {
        try (UntrustedFolder safe = open(to.getParent())) {
            stream.move(name, safe.stream, to.getFileName());
            PosixFileAttributes taken = safe.look(to.getFileName());
            if (!taken.isRegularFile()
                    || !taken.owner().equals(look().owner())
                    || !Files.getAttribute(to, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                            .equals(1)) {
                throw new IOException("it is not a file that is Chrome's alone");
            }
        }
    }

    /**
     * Deletes a folder, or a file. A dying Chrome may still be writing to what is in the folder, so this repeats until nothing is left.
     *
     * @param folder which, like its parent, only the server can write
     */
    static void delete(Path folder) throws IOException {
        for (int tries = 0; Files.exists(folder, LinkOption.NOFOLLOW_LINKS); tries++) {
            if (tries == MAX_TRIES) {
                throw new IOException("something keeps writing to " + folder);
            }
            unlessChanged(() -> {
                if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                    empty(folder);
                }
                Files.delete(folder);
            });
        }
    }

    private interface Deletion {
        void run() throws IOException;
    }

    /** Leaves what has changed meanwhile for the next try. */
    private static void unlessChanged(Deletion deletion) throws IOException {
        try {
            deletion.run();
        } catch (NoSuchFileException | DirectoryNotEmptyException | NotDirectoryException changed) {
            // looked at again
        }
    }

    /** Moves up the folders in a folder before it removes them, so that however deep they are, few are open at once. */
    private static void empty(Path folder) throws IOException {
        Queue<Path> names = new ArrayDeque<>();
        try (UntrustedFolder top = open(folder)) {
            top.each(names::add);
            for (int done = 0; !names.isEmpty() && done < MAX_FOLDERS; done++) {
                Path name = names.remove();
                top.remove(name, folder.resolve(name), names);
            }
        }
    }

    private void remove(Path name, Path path, Queue<Path> names) throws IOException {
        unlessChanged(() -> {
            PosixFileAttributes seen = look(name);
            if (seen.isDirectory()) {
                permit(path, seen);
                try (UntrustedFolder inner = enter(name, seen)) {
                    inner.each(entry -> inner.moveUp(entry, path.resolve(entry), this, names));
                }
                stream.deleteDirectory(name);
            } else {
                stream.deleteFile(name);
            }
        });
    }

    /**
     * Gives the server the permissions that a Chrome of its own user may have taken from a folder. Root needs none, and must not follow a
     * path; any other server can be led by the path to nothing but files whose permissions that Chrome may set itself.
     */
    private static void permit(Path path, PosixFileAttributes seen) throws IOException {
        if (!ROOT && !seen.permissions().containsAll(ALL_OF_OWNER)) {
            Files.setPosixFilePermissions(path, ALL_OF_OWNER);
        }
    }

    private void moveUp(Path entry, Path path, UntrustedFolder top, Queue<Path> names) throws IOException {
        unlessChanged(() -> {
            PosixFileAttributes seen = look(entry);
            if (seen.isDirectory()) {
                permit(path, seen);
                Path name = Path.of(UUID.randomUUID().toString());
                stream.move(entry, top.stream, name);
                names.add(name);
            } else {
                stream.deleteFile(entry);
            }
        });
    }
}
