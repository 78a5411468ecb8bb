package dev.berth.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.io.FileUtils;

/** Unpacks the Postgres that comes with Berth, for Linux on x86-64. Blocks. */
final class PostgresBinaries {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final int EXECUTABLE_BY_OWNER = 0100;

    private PostgresBinaries() {}

    /** Gives the folder of the programs in {@code folder}, where an earlier start may have unpacked them. */
    static Path programs(Path folder) throws IOException {
        Files.createDirectories(folder, SecretFile.FOLDER_FOR_OWNER);
        URL archive = PostgresBinaries.class.getResource(ARCHIVE);
        Path home = folder.resolve("PG-" + version(archive));
        if (!Files.exists(home)) {
            // The folder may have another version, or a half-unpacked one.
            FileUtils.cleanDirectory(folder.toFile());
            Path part = Files.createDirectory(folder.resolve("part"));
            unpack(archive, part);
            Files.move(part, home, StandardCopyOption.ATOMIC_MOVE);
        }
        return home.resolve("bin");
    }

    /** The checksum of the archive: to read the archive itself takes longer than to start Postgres. */
    private static String version(URL archive) throws IOException {
        return Long.toHexString(
                ((JarURLConnection) archive.openConnection()).getJarEntry().getCrc());
    }

    private static void unpack(URL archive, Path folder) throws IOException {
        try (InputStream packed = archive.openStream();
                TarArchiveInputStream entries = new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                unpack(entries, entry, folder.resolve(entry.getName()));
            }
        }
    }

    private static void unpack(TarArchiveInputStream entries, TarArchiveEntry entry, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(entries, file);
        if ((entry.getMode() & EXECUTABLE_BY_OWNER) != 0) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        }
    }
}
