package dev.berth.browser.process;

import dev.berth.protocol.Device.Viewport;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The screen of one headful Chrome: an X server of its own, which shows nothing to anybody. The server runs as Chrome's user, without a
 * network, and its socket is in Chrome's folder, for programs that know the cookie. The server ends when Chrome leaves, its only client.
 *
 * @param home Chrome's folder, which is the working directory of the command
 */
public record Display(Path home) {
    private static final String PROGRAM = "Xvfb";
    private static final String PROTOCOL = "MIT-MAGIC-COOKIE-1";
    private static final int COOKIE_BYTES = 16;
    /** In the file of cookies: one for each address. */
    private static final int ANY_ADDRESS = 0xffff;

    /**
     * Namespaces of its own. The X server can have no other folder for its socket than /tmp/.X11-unix, where display numbers would have to be
     * shared with all others of the machine.
     */
    private static final List<String> OWN = List.of("--mount", "--net", "/bin/sh", "-c");

    /** Relative to Chrome's folder. */
    private static final String FOLDER = "tmp/display";

    /** The same, as the X server has it. */
    static final Path FOLDER_THERE = Path.of("/tmp");

    private Path folder() {
        return home.resolve(FOLDER);
    }

    /** Makes its folder, with a new cookie. Blocks. */
    public void prepare(OptionalInt userId) throws IOException {
        Path sockets = folder().resolve(".X11-unix");
        Files.createDirectories(sockets);
        Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwx------"));
        Path cookie = folder().resolve("cookie");
        Files.write(cookie, cookie());
        Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
        for (Path each : List.of(folder(), sockets, cookie)) {
            Profiles.own(each, userId);
        }
    }

    /** One entry, in the form of xauth's files. */
    private static byte[] cookie() throws IOException {
        byte[] secret = new byte[COOKIE_BYTES];
        new SecureRandom().nextBytes(secret);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream entry = new DataOutputStream(bytes);
        entry.writeShort(ANY_ADDRESS);
        entry.writeShort(0);
        entry.writeShort(0);
        entry.writeUTF(PROTOCOL);
        entry.writeShort(secret.length);
        entry.write(secret);
        return bytes.toByteArray();
    }

    /** The environment of its Chrome. */
    public Map<String, String> environment() {
        return Map.of(
                "DISPLAY",
                "unix:" + folder().resolve(".X11-unix/X0"),
                "XAUTHORITY",
                folder().resolve("cookie").toString());
    }

    /**
     * The part of a shell's program that starts it, in the background, and goes on when the X server answers; the program ends where it does not.
     *
     * @param user the words by which it becomes Chrome's user
     * @param walls the options of setpriv that keep it from files
     * @param viewport the size of the screen
     */
    static String start(List<String> user, List<String> walls, Viewport viewport) {
        List<String> server = new ArrayList<>(Confinement.UNPRIVILEGED);
        server.addAll(walls);
        server.addAll(List.of(PROGRAM, ":0", "-screen", "0", viewport.width() + "x" + viewport.height() + "x24"));
        server.addAll(List.of("-nolisten", "tcp", "-auth", FOLDER_THERE + "/cookie", "-terminate", "-displayfd", "3"));
        List<String> command = new ArrayList<>(user);
        command.addAll(Confinement.ALONE);
        command.addAll(OWN);
        command.add("mount --bind " + FOLDER + " " + FOLDER_THERE + " && exec " + quoted(server));
        return "mkfifo ready; { " + quoted(command) + " </dev/null >/dev/null; } 3>ready & read number <ready"
                + " || { echo 'the X server of a headful Chrome did not start' >&2; exit 1; }; ";
    }

    private static String quoted(List<String> words) {
        StringBuilder text = new StringBuilder();
        words.forEach(
                word -> text.append('\'').append(word.replace("'", "'\\''")).append("' "));
        return text.toString();
    }
}
