package dev.berth.browser.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps a Chrome that is the server's own user to its own folder, by Landlock's file rules, which need no privilege; through
 * setpriv (util-linux).
 */
final class FolderWall {
    private static final String READ = "execute,read-file,read-dir";
    private static final String WRITE =
            READ + ",write-file,truncate,remove-file,remove-dir,refer,make-dir,make-reg,make-sym,make-sock,make-fifo";
    /** The folders of a system's programs, libraries, fonts and settings. */
    private static final List<String> SYSTEM =
            List.of("/usr", "/bin", "/lib", "/lib64", "/etc", "/opt", "/sys", "/var/cache/fontconfig");

    /** Chrome's sandbox writes its user map to {@code /proc/self}. Chrome reads no files of other processes but those that all may read. */
    private static final List<String> KERNEL = List.of("/proc", "/dev");

    private static final String RULE = "path-beneath:";
    private static final Path RESOLVER = Path.of("/etc/resolv.conf");

    private FolderWall() {}

    /**
     * The words that confine a command: it writes only to {@code written}, reads only {@code home} and the system's folders, and does not
     * see the memory or environment of processes other than its children. Blocks.
     *
     * @param home Chrome's folder: the server's own, so that Chrome can't replace what the server opens in it
     * @param written the folders in {@code home} that Chrome owns
     */
    static List<String> words(Path home, List<Path> written, Path executable) throws IOException {
        List<String> command = new ArrayList<>(List.of("setpriv", "--no-new-privs", "--landlock-access", "fs"));
        Stream.concat(SYSTEM.stream().map(Path::of), Stream.of(folderOf(executable), folderOf(RESOLVER)))
                .filter(Files::isDirectory)
                .distinct()
                .forEach(folder -> allow(command, READ, folder));
        KERNEL.forEach(folder -> allow(command, READ + ",write-file", Path.of(folder)));
        allow(command, WRITE, Path.of("/dev/shm"));
        allow(command, READ, home);
        written.forEach(folder -> allow(command, WRITE, folder));
        return command;
    }

    /** The folder that a file is really in: the executable and resolv.conf are often links to elsewhere. */
    private static Path folderOf(Path file) throws IOException {
        return (Files.exists(file) ? file.toRealPath() : file).getParent();
    }

    private static void allow(List<String> command, String rights, Path folder) {
        command.addAll(List.of("--landlock-rule", RULE + rights + ":" + folder));
    }

    /**
     * Whether this kernel and this setpriv know all that it needs, and the program then finds what it needs: it tells its
     * version. Where programs lie elsewhere, or are started by helpers with privileges, as those of Snap are, it does not. Blocks.
     *
     * @param folder any
     */
    static boolean works(Path folder, Path executable) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(words(folder, List.of(folder), executable));
        command.addAll(List.of(executable.toString(), "--version"));
        return Trial.of(command, "").well();
    }
}
