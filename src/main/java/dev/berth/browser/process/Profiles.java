package dev.berth.browser.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** The folder that holds one folder for each running Chrome: profile, downloads, uploads, temporary files. Its methods block. */
public final class Profiles {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> PASS_THROUGH = PosixFilePermissions.fromString("rwx--x--x");

    private final Path root;

    private Profiles(Path root) {
        this.root = root;
    }

    /**
     * Opens it in the data directory; or in the system's temporary folder, if Chrome's own user can't reach the data directory
     * (a server that root runs in {@code /root}, for example).
     *
     * @param otherUsers whether Chromes run as other users than the server
     */
    public static Profiles in(Path dataDir, boolean otherUsers) throws IOException {
        Path home = dataDir.resolve("profiles");
        Files.createDirectories(home);
        Files.setPosixFilePermissions(home, otherUsers ? PASS_THROUGH : OWNER_ONLY);
        if (!otherUsers || reachable(home)) {
            return new Profiles(home);
        }
        Files.delete(home);
        String name = "berth-" + Integer.toHexString(dataDir.toString().hashCode());
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"), name);
        Files.createDirectories(temporary);
        // Another user may have created a folder of this name first: refuse it.
        if (!Files.getOwner(temporary).equals(Files.getOwner(dataDir)) || Files.isSymbolicLink(temporary)) {
            throw new IOException(temporary + " belongs to another user; remove it");
        }
        Files.setPosixFilePermissions(temporary, PASS_THROUGH);
        return new Profiles(temporary);
    }

    private static boolean reachable(Path folder) throws IOException {
        for (Path at = folder; at != null; at = at.getParent()) {
            if (!Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    public Path root() {
        return root;
    }

    /**
     * Creates the folder of a new Chrome. The server owns it, so that Chrome can't replace what is in it: folders for the
     * profile, downloads, temporary files and extensions, which only Chrome's user can enter, one for uploads, which that user can only
     * read, and one for what is taken from Chrome, where only the server can write.
     */
    public Path create(String name, OptionalInt owner) throws IOException {
        Path home = Files.createDirectory(root.resolve(name), passThrough(owner));
        for (Path folder : written(home)) {
            own(Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY)), owner);
        }
        Files.createDirectory(uploads(home), passThrough(owner));
        Files.createDirectory(taken(home), PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        return home;
    }

    /**
     * The permissions of a folder whose entries a Chrome's own user can open by name but not list; the server's alone without
     * such a user.
     */
    static FileAttribute<?> passThrough(OptionalInt owner) {
        return PosixFilePermissions.asFileAttribute(owner.isPresent() ? PASS_THROUGH : OWNER_ONLY);
    }

    /** The folders that Chrome writes to. */
    static List<Path> written(Path home) {
        return List.of(profile(home), downloads(home), temporary(home), extensions(home));
    }

    public static Path profile(Path home) {
        return home.resolve("profile");
    }

    static Path downloads(Path home) {
        return home.resolve("downloads");
    }

    /** Chrome leaves unfinished files here; they are deleted with the rest. */
    static Path temporary(Path home) {
        return home.resolve("tmp");
    }

    static Path extensions(Path home) {
        return home.resolve("extensions");
    }

    static Path uploads(Path home) {
        return home.resolve("uploads");
    }

    static Path taken(Path home) {
        return home.resolve("taken");
    }

    /** Makes a Chrome's user the owner of a file or folder. */
    static void own(Path path, OptionalInt owner) throws IOException {
        if (owner.isPresent()) {
            Files.setAttribute(path, "unix:uid", owner.getAsInt());
            Files.setAttribute(path, "unix:gid", owner.getAsInt());
        }
    }

    /** Removes the folder, which must be empty; the next start creates it again. */
    public void close() throws IOException {
        try {
            Files.deleteIfExists(root);
        } catch (DirectoryNotEmptyException e) {
            throw new IOException("profiles remain in " + root, e);
        }
    }

    /** The folders that an earlier server process left behind. */
    public List<Path> leftovers() throws IOException {
        try (Stream<Path> left = Files.list(root)) {
            return left.toList();
        }
    }

    /** The user id of the Chrome that has this folder; empty where the folder was not complete. */
    public static OptionalInt userOf(Path home) throws IOException {
        Path profile = profile(home);
        return Files.isDirectory(profile, LinkOption.NOFOLLOW_LINKS)
                ? OptionalInt.of((int) Files.getAttribute(profile, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                : OptionalInt.empty();
    }

    /** Removes a folder of {@link #create}, or one of those for uploads, with all that a Chrome has put there. */
    public static void delete(Path folder) {
        try {
            UntrustedFolder.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
