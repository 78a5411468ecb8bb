package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Launches Chrome as a script would: the same executable, flags and kind of user as Berth's, and nobody connected to it. */
final class HandLaunch {
    private static final int FIRST_UID = 63_000;

    private final List<String> flags;
    private final Path folder;
    private final boolean root = "root".equals(System.getProperty("user.name"));
    /** Counts launches, with a proxy or without: each has a folder of its own. */
    private static final AtomicInteger LAUNCHED = new AtomicInteger();

    private HandLaunch(List<String> flags, Path folder) {
        this.flags = flags;
        this.folder = folder;
    }

    /** As {@code berths}, a Chrome that Berth launched. */
    static HandLaunch like(ChromeTree berths, Path folder) {
        // Berth's lifeline needs a shell around Chrome; the reference does without, and is the faster for it.
        return new HandLaunch(
                berths.flags().stream()
                        .map(flag -> flag.equals("--remote-debugging-pipe") ? "--remote-debugging-port=0" : flag)
                        .toList(),
                folder);
    }

    /** The same without a proxy: that of Berth's Chrome lets nobody else out. Names below localhost have one address, as the proxy's have. */
    HandLaunch direct() {
        return new HandLaunch(
                flags.stream()
                        .filter(flag -> !flag.matches("--proxy-(server|bypass-list)=.*"))
                        .map(flag -> flag.replaceAll("(--host-resolver-rules=).*", "$1MAP *.localhost 127.0.0.1"))
                        .toList(),
                folder);
    }

    /** Launches with the proxy on this port. */
    HandLaunch behind(int port) {
        return new HandLaunch(
                flags.stream()
                        .map(flag -> flag.replaceAll("(proxy\\.invalid|127\\.0\\.0\\.1):\\d+", "$1:" + port))
                        .toList(),
                folder);
    }

    List<String> flags() {
        return flags;
    }

    /** A Chrome that has just been started on {@code url}. */
    ChromeTree launch(String url) throws IOException {
        int number = LAUNCHED.incrementAndGet();
        Path profile = Files.createDirectory(folder.resolve("by-hand-" + number));
        ProcessBuilder builder = new ProcessBuilder(command(profile, FIRST_UID + number, url));
        String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("HOME", profile.toString());
        builder.redirectError(profile.resolve("stderr.log").toFile());
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        return ChromeTree.of(builder.start().toHandle(), profile);
    }

    private List<String> command(Path profile, int uid, String url) throws IOException {
        List<String> command = new ArrayList<>();
        if (root) {
            Files.setAttribute(profile, "unix:uid", uid);
            Files.setAttribute(profile, "unix:gid", uid);
            command.addAll(List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "--no-new-privs"));
        }
        command.addAll(flags);
        command.add("--user-data-dir=" + profile);
        command.add(url);
        return command;
    }
}
