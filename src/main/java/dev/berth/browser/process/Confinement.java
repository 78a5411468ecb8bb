package dev.berth.browser.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The words before Chrome's command that keep a page which has broken out of Chrome's sandbox from what is not Chrome's: as root, a
 * user of its own; else Landlock, by which Linux restricts a process and its children without any privilege. Both need setpriv
 * (util-linux).
 */
public final class Confinement {
    private static final String READ = "execute,read-file,read-dir";
    private static final String WRITE =
            READ + ",write-file,truncate,remove-file,remove-dir,refer,make-dir,make-reg,make-sym,make-sock,make-fifo";
    /** What programs and their libraries, fonts and settings of a system are in. */
    private static final List<String> SYSTEM =
            List.of("/usr", "/bin", "/lib", "/lib64", "/etc", "/opt", "/sys", "/var/cache/fontconfig");

    /** Chrome's sandbox writes its user map to {@code /proc/self}. Of other processes it reads nothing but what all may read. */
    private static final List<String> KERNEL = List.of("/proc", "/dev");

    private static final String RULE = "path-beneath:";
    private static final long TRIAL_SECONDS = 10;
    private static final Path RESOLVER = Path.of("/etc/resolv.conf");

    /** Capabilities that a root needs for {@link #asUser}, by their bits: to give files to Chrome's user, to read, change and delete its files, to end its processes, to become it. */
    private static final Map<String, Integer> NEEDED =
            Map.of("CHOWN", 0, "DAC_OVERRIDE", 1, "FOWNER", 3, "KILL", 5, "SETGID", 6, "SETUID", 7);

    private static final String EFFECTIVE = "CapEff:";
    private static final int HEXADECIMAL = 16;

    private Confinement() {}

    /** To a user of its own. The server must be root. */
    public static List<String> asUser(int userId) {
        return List.of("setpriv", "--reuid=" + userId, "--regid=" + userId, "--clear-groups", "--no-new-privs");
    }

    /**
     * The capabilities that {@link #asUser} needs and this server has not, by name: containers may withhold them.
     *
     * @param status the text of /proc/self/status
     */
    public static List<String> missingCapabilities(String status) {
        long held = status.lines()
                .filter(line -> line.startsWith(EFFECTIVE))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring(EFFECTIVE.length()).strip(), HEXADECIMAL))
                .findFirst()
                .orElseThrow();
        return NEEDED.entrySet().stream()
                .filter(capability -> (held >> capability.getValue() & 1) == 0)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /**
     * To one folder, where it may write, and the system's, where it may read; and from the memory and environment of all processes
     * but its own children. Blocks.
     *
     * @param home Chrome's folder
     */
    public static List<String> toFolder(Path home, Path executable) throws IOException {
        List<String> command = new ArrayList<>(List.of("setpriv", "--no-new-privs", "--landlock-access", "fs"));
        Stream.concat(SYSTEM.stream().map(Path::of), Stream.of(folderOf(executable), folderOf(RESOLVER)))
                .filter(Files::isDirectory)
                .distinct()
                .forEach(folder -> allow(command, READ, folder));
        KERNEL.forEach(folder -> allow(command, READ + ",write-file", Path.of(folder)));
        allow(command, WRITE, Path.of("/dev/shm"));
        allow(command, WRITE, home);
        return command;
    }

    /** Both may be links to elsewhere. */
    private static Path folderOf(Path file) throws IOException {
        return (Files.exists(file) ? file.toRealPath() : file).getParent();
    }

    private static void allow(List<String> command, String rights, Path folder) {
        command.addAll(List.of("--landlock-rule", RULE + rights + ":" + folder));
    }

    /**
     * Whether this kernel and this setpriv know all that {@link #toFolder} needs, and the program then finds what it needs: it
     * tells its version. Where programs lie elsewhere, or are started by helpers with privileges, as those of Snap are, it does
     * not. Blocks.
     *
     * @param folder any
     */
    public static boolean toFolderWorks(Path folder, Path executable) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(toFolder(folder, executable));
        command.addAll(List.of(executable.toString(), "--version"));
        Process trial = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ended = trial.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS);
        trial.destroyForcibly();
        return ended && trial.exitValue() == 0;
    }
}
