package dev.berth.browser.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps a Chrome to its own folder and to the files that the programs of a system share, by Landlock's file rules, which need no privilege;
 * through setpriv (util-linux).
 */
final class FolderWall {
    private static final String READ = "execute,read-file,read-dir";
    private static final String READ_FILE = "read-file";
    private static final String WRITE =
            READ + ",write-file,truncate,remove-file,remove-dir,refer,make-dir,make-reg,make-sym,make-sock,make-fifo";
    /** The programs, libraries, fonts and texts that packages bring. */
    private static final List<String> SYSTEM = List.of(
            "/usr/bin",
            "/usr/lib",
            "/usr/lib64",
            "/usr/libexec",
            "/usr/share",
            "/usr/local/lib",
            "/usr/local/share/fonts",
            "/bin",
            "/lib",
            "/lib64",
            "/sys",
            "/var/cache/fontconfig");

    /** The settings that Chrome, its libraries and its wrapper scripts read; others are the operator's. */
    private static final List<String> SETTINGS = List.of(
            "alternatives",
            "chromium",
            "chromium.d",
            "fonts",
            "glvnd",
            "gtk-3.0",
            "host.conf",
            "hosts",
            "ld.so.cache",
            "ld.so.conf",
            "ld.so.conf.d",
            "localtime",
            "mime.types",
            "nsswitch.conf",
            "os-release",
            "resolv.conf",
            "ssl/certs",
            "timezone",
            "vulkan",
            "X11");

    /** Chrome's sandbox writes its user map to {@code /proc/self}. Chrome reads no files of other processes but those that all may read. */
    private static final List<String> KERNEL = List.of("/proc", "/dev");

    private static final String RULE = "path-beneath:";

    private FolderWall() {}

    /**
     * The options of a setpriv that confine its command: the command writes only to {@code written}, reads only {@code home} and what the
     * programs of the system share, and does not see the memory or environment of processes other than its children. Blocks.
     *
     * @param home Chrome's folder: the server's own, so that Chrome can't replace what the server opens in it
     * @param written the folders in {@code home} that Chrome owns
     * @param more folders to read
     */
    static List<String> options(Path home, List<Path> written, Path executable, List<Path> more) throws IOException {
        List<String> options = new ArrayList<>(List.of("--landlock-access", "fs"));
        Stream.concat(SYSTEM.stream().map(Path::of), Stream.of(folderOf(executable)))
                .filter(Files::isDirectory)
                .distinct()
                .forEach(folder -> allow(options, READ, folder));
        for (String name : SETTINGS) {
            Path setting = Path.of("/etc", name);
            if (Files.exists(setting)) {
                allow(options, Files.isDirectory(setting) ? READ : READ_FILE, setting);
            }
        }
        more.forEach(folder -> allow(options, READ, folder));
        KERNEL.forEach(folder -> allow(options, READ + ",write-file", Path.of(folder)));
        allow(options, WRITE, Path.of("/dev/shm"));
        allow(options, READ, home);
        written.forEach(folder -> allow(options, WRITE, folder));
        return options;
    }

    /** The folder that a program is really in: executables are often links to elsewhere. */
    private static Path folderOf(Path executable) throws IOException {
        return (Files.exists(executable) ? executable.toRealPath() : executable).getParent();
    }

    private static void allow(List<String> command, String rights, Path folder) {
        command.addAll(List.of("--landlock-rule", RULE + rights + ":" + folder));
    }

    /**
     * Whether this kernel and this setpriv know all that it needs, and the program then finds what it needs: it tells its
     * version. Where programs lie elsewhere, or are started by helpers with privileges, as those of Snap are, it does not. Blocks.
     *
     * @param setpriv the beginning of the command
     * @param folder any
     */
    static boolean works(List<String> setpriv, Path folder, Path executable) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(setpriv);
        command.addAll(options(folder, List.of(folder), executable, List.of()));
        command.addAll(List.of(executable.toString(), "--version"));
        return Trial.of(command, "").well();
    }
}
