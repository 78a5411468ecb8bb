package dev.berth.recording;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The ffmpeg that comes with Berth, for Linux on x86-64. It is unpacked once, into a folder of its version, which gets its
 * name when all of its files are on the disk. Its methods block.
 */
final class BundledFfmpeg {
    private static final String RESOURCES = "/org/bytedeco/ffmpeg/linux-x86_64/";
    private static final String PROPERTIES = "/META-INF/maven/org.bytedeco/ffmpeg/pom.properties";
    private static final String EXECUTABLE = "ffmpeg";

    private static final List<String> FILES = List.of(
            EXECUTABLE,
            "libavcodec.so.62",
            "libavdevice.so.62",
            "libavfilter.so.11",
            "libavformat.so.62",
            "libavutil.so.60",
            "libdrm.so.2",
            "libswresample.so.6",
            "libswscale.so.9",
            "libva-drm.so.2",
            "libva.so.2");

    private final Path root;

    /** @param root the folder for all versions; created if missing */
    BundledFfmpeg(Path root) {
        this.root = root;
    }

    /** Whether it runs on this machine. */
    static boolean isForThisMachine() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    /** Unpacks it, unless that is done already, and removes other versions. */
    Ffmpeg unpack() throws IOException {
        Path folder = root.resolve(version());
        if (Files.notExists(folder)) {
            makeFolder(root);
            empty(root);
            Path part = root.resolve("part");
            makeFolder(part);
            fill(part);
            Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
        }
        return Ffmpeg.in(folder);
    }

    private static String version() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = resource(PROPERTIES)) {
            properties.load(in);
        }
        return properties.getProperty("version");
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = BundledFfmpeg.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException("this build of Berth has no " + name);
        }
        return in;
    }

    /** Other users may run ffmpeg: each encoder has a user of its own where the server is root. */
    private static void makeFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void empty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted((one, other) -> other.compareTo(one))
                    .filter(path -> !path.equals(folder))
                    .toList()) {
                Files.delete(entry);
            }
        }
    }

    private static void fill(Path folder) throws IOException {
        for (String name : FILES) {
            try (InputStream in = resource(RESOURCES + name)) {
                write(folder.resolve(name), in, name.equals(EXECUTABLE) ? "rwxr-xr-x" : "rw-r--r--");
            }
        }
    }

    private static void write(Path file, InputStream in, String permissions) throws IOException {
        Files.copy(in, file);
        try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
