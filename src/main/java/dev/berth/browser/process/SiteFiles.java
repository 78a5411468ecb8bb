package dev.berth.browser.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The files of a Chrome that hold what sites have stored. A Chrome that was taken over could lead the server to the files of others: a
 * link, or a file that is not Chrome's alone, fails the walk.
 */
final class SiteFiles {
    /** The folder of Chrome's own profile within the session's profile. */
    static final String CHROME = "Default";

    /** The folders of sites' and extensions' storage in {@link #CHROME}. */
    static final List<String> FOLDERS = List.of(
            "Local Storage", "IndexedDB", "Service Worker", "WebStorage", "File System", "Local Extension Settings");

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

    private final UserPrincipal chrome;
    private final DiskAllowance allowance;
    private final Use use;

    private SiteFiles(UserPrincipal chrome, DiskAllowance allowance, Use use) {
        this.chrome = chrome;
        this.allowance = allowance;
        this.use = use;
    }

    /** The use of each file. */
    interface Use {
        void use(Found file) throws IOException;
    }

    /**
     * A file.
     *
     * @param path from the profile on
     * @param folder that it is in, while the walk is there
     */
    record Found(Path path, long size, UntrustedFolder folder) {
        String name() {
            return path.getFileName().toString();
        }

        /** Takes it from the profile. */
        InputStream open(Path home) throws IOException {
            Path taken = Profiles.taken(home).resolve(UUID.randomUUID().toString());
            folder.take(path.getFileName(), taken);
            return Files.newInputStream(taken, StandardOpenOption.DELETE_ON_CLOSE);
        }
    }

    /**
     * Walks through them. Blocks.
     *
     * @param home of the Chrome: the server owns it, so that {@code profile} in it is no link
     * @param allowance limits for files and folders
     */
    static void walk(Path home, DiskAllowance allowance, Use use) throws IOException {
        try (UntrustedFolder top = UntrustedFolder.open(Profiles.profile(home))) {
            new SiteFiles(top.look().owner(), allowance, use).walk(top, TOP);
        }
    }

    private void walk(UntrustedFolder folder, Path at) throws IOException {
        UntrustedFolder.Use each = name -> visit(folder, at.resolve(name));
        if (ONLY.containsKey(at)) {
            for (Path name : ONLY.get(at)) {
                each.use(name);
            }
        } else {
            folder.each(each);
        }
    }

    private void visit(UntrustedFolder folder, Path path) throws IOException {
        Path name = path.getFileName();
        PosixFileAttributes found;
        try {
            found = folder.look(name);
        } catch (NoSuchFileException e) {
            return; // Chrome had nothing to write there
        }
        allowance.take(found.isRegularFile() ? found.size() : 0);
        requireChromes(path, found);
        if (found.isDirectory()) {
            try (UntrustedFolder inner = folder.enter(name, found)) {
                walk(inner, path);
            }
        } else if (!SKIPPED.contains(name.toString())) {
            use.use(new Found(path, found.size(), folder));
        }
    }

    private void requireChromes(Path path, PosixFileAttributes found) throws IOException {
        boolean plain = found.isDirectory() || found.isRegularFile();
        if (!plain || !found.owner().equals(chrome) || path.getNameCount() > MAX_NAMES) {
            throw new IOException("the profile was tampered with: it has a link, a file of another user's,"
                    + " or something else that Chrome does not write");
        }
    }
}
