package dev.berth.browser.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files of a Chrome that hold what sites have stored. A server that is root could be led by a Chrome that was taken over, and owns its
 * profile, to the files of others. So each name is opened within the folder that is open already, and never as a link; a link, or a file
 * that is not Chrome's alone, fails the walk.
 */
final class SiteFiles {
    /** In the profile. */
    static final String CHROME = "Default";

    /** In {@link #CHROME}. */
    static final List<String> FOLDERS =
            List.of("Local Storage", "IndexedDB", "Service Worker", "WebStorage", "File System");

    private static final Path TOP = Path.of("");
    private static final Map<Path, List<Path>> ONLY = Map.of(
            TOP,
            List.of(Path.of(CHROME)),
            Path.of(CHROME),
            FOLDERS.stream().map(Path::of).toList());
    /** Chrome makes them anew. */
    private static final Set<String> SKIPPED = Set.of("LOCK", "LOG", "LOG.old");

    /** Each takes two descriptors of the server's while it is read. Chrome's own have up to 7 names. */
    private static final int MAX_NAMES = 16;

    private final Path profile;
    private final UserPrincipal chrome;
    private final DiskAllowance allowance;
    private final Use use;

    private SiteFiles(Path profile, UserPrincipal chrome, DiskAllowance allowance, Use use) {
        this.profile = profile;
        this.chrome = chrome;
        this.allowance = allowance;
        this.use = use;
    }

    /** What is done with each file. */
    interface Use {
        void use(Found file) throws IOException;
    }

    /**
     * A file.
     *
     * @param path from the profile on
     * @param folder that it is in, while the walk is there
     */
    record Found(Path path, long size, SecureDirectoryStream<Path> folder) {
        String name() {
            return path.getFileName().toString();
        }

        InputStream open() throws IOException {
            return Channels.newInputStream(folder.newByteChannel(
                    path.getFileName(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
        }
    }

    /**
     * Walks through them. Blocks.
     *
     * @param home of the Chrome: the server owns it, so that {@code profile} in it is no link
     * @param allowance what files and folders may have
     */
    static void walk(Path home, DiskAllowance allowance, Use use) throws IOException {
        Path profile = Profiles.profile(home);
        UserPrincipal chrome = Files.getOwner(profile, LinkOption.NOFOLLOW_LINKS);
        try (DirectoryStream<Path> top = Files.newDirectoryStream(profile)) {
            if (!(top instanceof SecureDirectoryStream<Path> secure)) {
                throw new IOException("this system has no way to read folders without following links");
            }
            new SiteFiles(profile, chrome, allowance, use).walk(secure, TOP);
        }
    }

    private void walk(SecureDirectoryStream<Path> folder, Path at) throws IOException {
        try {
            for (Path entry : ONLY.containsKey(at) ? ONLY.get(at) : folder) {
                visit(folder, at.resolve(entry.getFileName()));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void visit(SecureDirectoryStream<Path> folder, Path path) throws IOException {
        Path name = path.getFileName();
        PosixFileAttributes found;
        try {
            found = folder.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        } catch (NoSuchFileException e) {
            return; // Chrome had nothing to write there
        }
        allowance.take(found.isRegularFile() ? found.size() : 0);
        requireChromes(path, found);
        if (found.isDirectory()) {
            try (SecureDirectoryStream<Path> inner = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                walk(inner, path);
            }
        } else if (!SKIPPED.contains(name.toString())) {
            use.use(new Found(path, found.size(), folder));
        }
    }

    private void requireChromes(Path path, PosixFileAttributes found) throws IOException {
        boolean plain = found.isDirectory() || found.isRegularFile() && hasOneName(path, found);
        if (!plain || !found.owner().equals(chrome) || path.getNameCount() > MAX_NAMES) {
            throw new IOException("the profile was tampered with: it has a link, a file of another user's,"
                    + " or something else that Chrome does not write");
        }
    }

    /** Only a path tells the number of names, and may lead elsewhere by now: the key tells whether it is the same file. */
    private boolean hasOneName(Path path, PosixFileAttributes found) throws IOException {
        Map<String, Object> now =
                Files.readAttributes(profile.resolve(path), "unix:nlink,fileKey", LinkOption.NOFOLLOW_LINKS);
        return now.get("nlink").equals(1) && found.fileKey().equals(now.get("fileKey"));
    }
}
