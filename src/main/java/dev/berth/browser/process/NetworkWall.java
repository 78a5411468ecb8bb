package dev.berth.browser.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps a Chrome that a page has taken over to the port of its proxy: Landlock's network rules and a filter of system calls, which
 * need no privilege. The perl program {@code confine.pl} puts them on, limits descriptors and processes, and then becomes Chrome
 * (2.5 ms of processor time a launch).
 */
final class NetworkWall {
    private static final String PROGRAM = read();
    /** The version of Landlock since which it also withholds signals and abstract Unix sockets: Linux 6.12. */
    private static final int SCOPES = 6;
    /** Chrome has some ten for each process; a page's process never starts one. */
    private static final int MAX_PROCESSES = 4_096;

    private static final int ANY_PORT = 1;

    private final int version;
    private final String defect;

    private NetworkWall(int version, String defect) {
        this.version = version;
        this.defect = defect;
    }

    private static String read() {
        try (InputStream in = NetworkWall.class.getResourceAsStream("confine.pl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts it on a program that does nothing, to see whether this machine can. Blocks. */
    static NetworkWall tried() throws InterruptedException {
        Trial trial = Trial.of(words(ANY_PORT, 0, 0), "");
        return trial.well() ? new NetworkWall(Integer.parseInt(trial.said()), "") : new NetworkWall(0, trial.said());
    }

    /** Why it can't be had; empty where it holds. */
    Optional<String> defect() {
        return Optional.of(defect).filter(why -> !why.isEmpty());
    }

    /** Whether Chromes can send no signals to processes that are not theirs. */
    boolean holdsSignals() {
        return version >= SCOPES;
    }

    /**
     * The words before Chrome's command.
     *
     * @param port of its proxy; on any address, as Landlock does not see those
     * @param ownUser whether it has a user id of its own: Linux counts processes by user
     */
    List<String> words(int port, boolean ownUser, Path executable) {
        return words(port, ownUser ? MAX_PROCESSES : 0, opensSockets(executable) ? 1 : 0);
    }

    private static List<String> words(int port, int processes, int family) {
        List<String> words = new ArrayList<>(List.of("perl", "-e", PROGRAM, System.getProperty("os.arch")));
        words.addAll(List.of(String.valueOf(port), String.valueOf(processes), String.valueOf(family)));
        return words;
    }

    /** Full Chrome ends where it can't open the Unix socket by which a second start of it would find the first. */
    private static boolean opensSockets(Path executable) {
        return !executable.getFileName().toString().contains("headless");
    }
}
