package dev.berth.browser.process;

import dev.berth.browser.SavedProfile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A saved profile as a zip: {@value #STATE}, what was read from the running Chrome, and then those of Chrome's own folders that hold what
 * sites have stored. Caches, history and Chrome's file of cookies are left out: the file lacks cookies without an expiry date, and can be
 * read with the machine's own key only. Its methods block.
 */
public final class ProfileArchive {
    /** The first entry. */
    private static final String STATE = "state.json";

    private static final String LOCAL_STORAGE = "Default/Local Storage";
    private static final List<String> FOLDERS = List.of(
            LOCAL_STORAGE, "Default/IndexedDB", "Default/Service Worker", "Default/WebStorage", "Default/File System");
    /** Chrome makes them anew. */
    private static final Set<String> SKIPPED = Set.of("LOCK", "LOG", "LOG.old");

    /** The database of a Chrome in which no site has stored anything has one record of 30 bytes. */
    private static final long EMPTY_LOG_BYTES = 64;

    /** A zip is read and written by 512 bytes otherwise. */
    private static final int BUFFER_BYTES = 64 << 10;

    private static final long BLOCK_BYTES = 4_096;
    private static final FileAttribute<?> FOLDER = mode("rwx------");
    private static final FileAttribute<?> FILE = mode("rw-------");

    private ProfileArchive() {}

    private static FileAttribute<?> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    /**
     * Writes the profile of a Chrome whose processes have all ended. Links are not followed: a Chrome that was taken over may have made
     * one to a file of the server's.
     */
    static SavedProfile.Contents write(Path profile, byte[] state, SavedProfile.Destination to) throws IOException {
        boolean folders = isAnythingStored(profile);
        try (OutputStream out = to.open();
                ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, BUFFER_BYTES))) {
            zip.setLevel(Deflater.BEST_SPEED);
            zip.putNextEntry(new ZipEntry(STATE));
            zip.write(state);
            for (String folder : folders ? FOLDERS : List.<String>of()) {
                add(profile, folder, zip);
            }
        }
        return new SavedProfile.Contents(folders);
    }

    private static boolean isAnythingStored(Path profile) throws IOException {
        boolean[] found = new boolean[1];
        for (String folder : FOLDERS) {
            boolean local = folder.equals(LOCAL_STORAGE);
            walk(
                    profile.resolve(folder),
                    (file, size) -> found[0] |= local ? isFull(file, size) : !isBookkeeping(file));
        }
        return found[0];
    }

    /** Whether this file of a LevelDB holds records. */
    private static boolean isFull(Path file, long size) {
        String name = file.getFileName().toString();
        return name.endsWith(".ldb") || name.endsWith(".log") && size > EMPTY_LOG_BYTES;
    }

    /** Chrome counts there what sites take of the disk, whether they take anything or not. */
    private static boolean isBookkeeping(Path file) {
        return file.getFileName().toString().startsWith("QuotaManager");
    }

    private static void add(Path profile, String folder, ZipOutputStream zip) throws IOException {
        walk(profile.resolve(folder), (file, size) -> {
            zip.putNextEntry(new ZipEntry(profile.relativize(file).toString()));
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                in.transferTo(zip);
            }
        });
    }

    private interface FileUse {
        void use(Path file, long size) throws IOException;
    }

    private static void walk(Path folder, FileUse use) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()
                        && !SKIPPED.contains(file.getFileName().toString())) {
                    use.use(file, attributes.size());
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** What was read from the Chrome that wrote it: at most {@code maxBytes}. */
    public static byte[] state(SavedProfile saved, int maxBytes) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(saved.open(), BUFFER_BYTES))) {
            return state(zip, maxBytes);
        }
    }

    private static byte[] state(ZipInputStream zip, int maxBytes) throws IOException {
        ZipEntry first = zip.getNextEntry();
        if (first == null || !first.getName().equals(STATE)) {
            throw new IOException("a saved profile begins with " + STATE);
        }
        return bounded(zip, maxBytes).readAllBytes();
    }

    /**
     * Puts a profile's folders into the folder of a Chrome that is not started yet, and returns its {@link #state}.
     *
     * @param home of the Chrome
     * @param maxBytes of the disk, where each file takes a block at least
     */
    public static byte[] unpack(SavedProfile saved, Path home, OptionalInt owner, int maxStateBytes, long maxBytes)
            throws IOException {
        Path profile = Profiles.profile(home);
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(saved.open(), BUFFER_BYTES))) {
            byte[] state = state(zip, maxStateBytes);
            long left = maxBytes;
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                left -= Math.max(BLOCK_BYTES, unpack(zip, within(profile, entry.getName()), owner, left));
            }
            return state;
        }
    }

    private static Path within(Path profile, String name) throws IOException {
        Path file = profile.resolve(name).normalize();
        if (FOLDERS.stream().noneMatch(folder -> file.startsWith(profile.resolve(folder)))) {
            throw new IOException("no file of a saved profile: " + name);
        }
        return file;
    }

    private static long unpack(InputStream zip, Path file, OptionalInt owner, long maxBytes) throws IOException {
        makeFolder(file.getParent(), owner);
        Files.createFile(file, FILE);
        try (OutputStream out = Files.newOutputStream(file)) {
            long bytes = bounded(zip, Math.max(0, maxBytes)).transferTo(out);
            Profiles.own(file, owner);
            return bytes;
        }
    }

    private static void makeFolder(Path folder, OptionalInt owner) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            makeFolder(folder.getParent(), owner);
            Profiles.own(Files.createDirectory(folder, FOLDER), owner);
        }
    }

    /** Fails where there is more. */
    private static InputStream bounded(InputStream in, long maxBytes) {
        return new FilterInputStream(in) {
            private long left = maxBytes;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                int read = super.read(into, from, length);
                left -= Math.max(0, read);
                if (left < 0) {
                    throw new IOException("a saved profile is larger than the " + (maxBytes >> 20)
                            + " MiB that a session may still write");
                }
                return read;
            }
        };
    }
}
