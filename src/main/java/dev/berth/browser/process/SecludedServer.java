package dev.berth.browser.process;

import dev.berth.browser.BrowserLauncher.LaunchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A program that answers HTTP at a port that asks for no key, such as chromedriver. It has namespaces of its own, so that the server alone
 * reaches the port, by a Unix socket. Its methods block.
 *
 * @param home the program's folder, of {@link Profiles}
 * @param userId that the program runs as; empty for the server's own
 */
public record SecludedServer(Path home, OptionalInt userId) {
    /** The port at which the program has to listen. */
    public static final int PORT = 9515;

    private static final String STARTER = read("serve.pl");
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

    /** Fails with {@link LaunchException} where the path of the folder is too long for a socket. */
    public SecludedServer {
        if (socket(home).toString().getBytes(StandardCharsets.UTF_8).length > MAX_ADDRESS_BYTES) {
            throw new LaunchException("the path of the data folder is too long for the socket of a program: " + home);
        }
    }

    /** The text of a program of this package. */
    static String read(String program) {
        try (InputStream in = SecludedServer.class.getResourceAsStream(program)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tries what such a program needs of this machine. Throws {@link LaunchException} that says what is missing. */
    public static void requireAlone(boolean root) throws InterruptedException {
        List<String> words = new ArrayList<>(alone(root));
        words.addAll(List.of("perl", "-e", "0"));
        Trial trial = Trial.of(words, "");
        if (!trial.well()) {
            throw new LaunchException(
                    "a program whose port asks for no key, as chromedriver's, needs a network namespace of its own: "
                            + trial.said() + ". Allow the server user namespaces, or CAP_SYS_ADMIN where it is root");
        }
    }

    private static List<String> alone(boolean root) {
        List<String> words = new ArrayList<>(ALONE);
        if (!root) {
            words.addAll(AS_USER);
        }
        return words;
    }

    private static Path socket(Path home) {
        return home.resolve("http");
    }

    /** The socket on which the program answers HTTP. */
    public Path http() {
        return socket(home);
    }

    /**
     * @param program its words; the program has to listen at {@link #PORT}
     * @param confinement the words of {@link Confinement} before the program's own
     * @param pipe redirects the child's ends of a pipe, by which the program hears that the server has ended
     */
    public List<String> command(List<String> program, List<String> confinement, String pipe) {
        String limits = LIMITS + (userId.isPresent() ? "ulimit -u 512 2>/dev/null || ulimit -p 512; " : "");
        List<String> command = new ArrayList<>(
                List.of("/bin/sh", "-c", limits + "exec \"$0\" \"$@\"" + pipe + " </dev/null >/dev/null", "setsid"));
        command.addAll(alone(userId.isPresent()));
        command.addAll(List.of("perl", "-e", STARTER, "begin", http().toString()));
        command.addAll(confinement);
        command.addAll(List.of("perl", "-e", STARTER, "serve", String.valueOf(PORT)));
        command.addAll(program);
        return command;
    }
}
