package dev.berth.browser.process;

import dev.berth.browser.SavedProfile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
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

    private static final String LOCAL_STORAGE = SiteFiles.CHROME + "/Local Storage";

    /** The database of a Chrome in which no site has stored anything has one record of 30 bytes. */
    private static final long EMPTY_LOG_BYTES = 64;

    /** A zip is read and written by 512 bytes otherwise. */
    private static final int BUFFER_BYTES = 64 << 10;

    private static final FileAttribute<?> FOLDER = mode("rwx------");
    private static final FileAttribute<?> FILE = mode("rw-------");

    private ProfileArchive() {}

    private static FileAttribute<?> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    /**
     * Writes the profile of a Chrome whose processes have all ended, unless it has more than {@link #unpack} takes. Takes the files from
     * it: once.
     *
     * @param home of the Chrome
     * @param maxBytes of the disk, where each file takes a block at least
     */
    static SavedProfile.Contents write(Path home, byte[] state, SavedProfile.Destination to, long maxBytes)
            throws IOException {
        boolean folders = isAnythingStored(home, maxBytes);
        try (OutputStream out = to.open();
                ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, BUFFER_BYTES))) {
            zip.setLevel(Deflater.BEST_SPEED);
            zip.putNextEntry(new ZipEntry(STATE));
            zip.write(state);
            if (folders) {
                SiteFiles.walk(home, new DiskAllowance(maxBytes), file -> add(file, home, zip));
            }
        }
        return new SavedProfile.Contents(folders);
    }

    /** Reads sizes only: a sparse file has far more bytes than it takes of the disk. */
    private static boolean isAnythingStored(Path home, long maxBytes) throws IOException {
        boolean[] found = new boolean[1];
        SiteFiles.walk(home, new DiskAllowance(maxBytes), file -> {
            boolean local = file.path().startsWith(LOCAL_STORAGE);
            found[0] |= local ? isFull(file) : !isBookkeeping(file);
        });
        return found[0];
    }

    /** Whether this file of a LevelDB holds records. */
    private static boolean isFull(SiteFiles.Found file) {
        return file.name().endsWith(".ldb") || file.name().endsWith(".log") && file.size() > EMPTY_LOG_BYTES;
    }

    /** Chrome counts there what sites take of the disk, whether they take anything or not. */
    private static boolean isBookkeeping(SiteFiles.Found file) {
        return file.name().startsWith("QuotaManager");
    }

    private static void add(SiteFiles.Found file, Path home, ZipOutputStream zip) throws IOException {
        zip.putNextEntry(new ZipEntry(file.path().toString()));
        try (InputStream in = file.open(home)) {
            bounded(in, file.size()).transferTo(zip);
        }
    }

    /** The state that was read from the Chrome that wrote the profile: at most {@code maxBytes}. */
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
            DiskAllowance allowance = new DiskAllowance(maxBytes);
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                allowance.take(unpack(zip, within(profile, entry.getName()), owner, allowance.left()));
            }
            return state;
        }
    }

    private static Path within(Path profile, String name) throws IOException {
        Path file = profile.resolve(name).normalize();
        Path chrome = profile.resolve(SiteFiles.CHROME);
        if (SiteFiles.FOLDERS.stream().noneMatch(folder -> file.startsWith(chrome.resolve(folder)))) {
            throw new IOException("no file of a saved profile: " + name);
        }
        return file;
    }

    private static long unpack(InputStream zip, Path file, OptionalInt owner, long maxBytes) throws IOException {
        makeFolder(file.getParent(), owner);
        Files.createFile(file, FILE);
        try (OutputStream out = Files.newOutputStream(file)) {
            long bytes = bounded(zip, maxBytes).transferTo(out);
            Profiles.own(file, owner);
            return bytes;
        }
    }

    static void makeFolder(Path folder, OptionalInt owner) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            makeFolder(folder.getParent(), owner);
            Profiles.own(Files.createDirectory(folder, FOLDER), owner);
        }
    }

    /** Fails where there is more. */
    static InputStream bounded(InputStream in, long maxBytes) {
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
                    throw new IOException("a part of the profile has more than the " + maxBytes + " bytes left for it");
                }
                return read;
            }
        };
    }
}
