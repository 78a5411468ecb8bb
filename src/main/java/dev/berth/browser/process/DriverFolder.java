package dev.berth.browser.process;

import dev.berth.browser.BrowserLauncher.LaunchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The folder of one chromedriver, of {@link Profiles}, and the command that starts the driver there. The folder is the server's own, so
 * that a driver can't put anything in the place of the sockets. Its methods block.
 *
 * @param userId that the driver runs as; empty for the server's own
 */
public record DriverFolder(Path home, OptionalInt userId) {
    private static final String STARTER = read("driver.pl");
    private static final String CHROME = read("chrome.pl");
    /** The longest address of a Unix socket. */
    private static final int MAX_ADDRESS_BYTES = 107;

    /** Namespaces of its own: no other program reaches its port, and none of its processes outlives the first one. */
    private static final List<String> ALONE = List.of("unshare", "--net", "--pid", "--fork", "--kill-child");
    /** A user who is not root may have them within a namespace of users. */
    private static final List<String> AS_USER = List.of("--user", "--map-current-user", "--keep-caps");

    /**
     * No core files; 1 GiB of memory, as pages decide how much of their events and logs a driver keeps; 64 MiB for a file, in blocks of 512
     * bytes; descriptors for its connections.
     */
    private static final String LIMITS =
            "umask 077; ulimit -c 0; ulimit -d 1048576; ulimit -f 131072; ulimit -n 1024; ";

    private static String read(String program) {
        try (InputStream in = DriverFolder.class.getResourceAsStream(program)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tries what a driver needs of this machine. Throws {@link LaunchException} that says what is missing. */
    public static void requireAlone(boolean root) throws InterruptedException {
        List<String> words = new ArrayList<>(alone(root));
        words.addAll(List.of("perl", "-e", "0"));
        Trial trial = Trial.of(words, "");
        if (!trial.well()) {
            throw new LaunchException(
                    "a chromedriver needs a network namespace of its own, as its port asks for no key: " + trial.said()
                            + ". Allow the server user namespaces, or CAP_SYS_ADMIN where it is root");
        }
    }

    private static List<String> alone(boolean root) {
        List<String> words = new ArrayList<>(ALONE);
        if (!root) {
            words.addAll(AS_USER);
        }
        return words;
    }

    /** The socket on which the driver answers HTTP. */
    public Path http() {
        return home.resolve("http");
    }

    /** The socket on which the server waits for {@link #chrome}. */
    public Path cdp() {
        return home.resolve("cdp");
    }

    /** The program that the driver is to take for its Chrome. */
    public Path chrome() {
        return home.resolve("chrome");
    }

    /** Writes the program {@link #chrome}. */
    public void prepare() throws IOException {
        if (http().toString().getBytes(StandardCharsets.UTF_8).length > MAX_ADDRESS_BYTES) {
            throw new LaunchException("the path of the data folder is too long for the sockets of a chromedriver");
        }
        Files.writeString(chrome(), CHROME, StandardOpenOption.CREATE_NEW);
        Files.setPosixFilePermissions(chrome(), PosixFilePermissions.fromString("r-xr-xr-x"));
    }

    /** Lets the driver's user connect to {@link #cdp}, once the server listens there, and nobody else. */
    public void letIn() throws IOException {
        Files.setPosixFilePermissions(cdp(), PosixFilePermissions.fromString("rw-------"));
        Profiles.own(cdp(), userId);
    }

    /**
     * @param confinement the words of {@link Confinement} before the driver's own
     * @param pipe redirects the child's ends of a pipe, by which the driver hears that the server has ended
     */
    public List<String> command(Path executable, List<String> confinement, String pipe) {
        String limits = LIMITS + (userId.isPresent() ? "ulimit -u 512 2>/dev/null || ulimit -p 512; " : "");
        List<String> command = new ArrayList<>(
                List.of("/bin/sh", "-c", limits + "exec \"$0\" \"$@\"" + pipe + " </dev/null >/dev/null", "setsid"));
        command.addAll(alone(userId.isPresent()));
        command.addAll(List.of("perl", "-e", STARTER, "begin", http().toString()));
        command.addAll(confinement);
        command.addAll(List.of("perl", "-e", STARTER, "serve", executable.toString()));
        return command;
    }
}
