package dev.berth.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Full Chrome, and the X server of headful ones, on this machine. */
final class FullChrome {
    private FullChrome() {}

    static boolean isHere() {
        return (Files.isExecutable(Path.of("/usr/lib/chromium/chromium")) || onPath("google-chrome")) && onPath("Xvfb");
    }

    private static boolean onPath(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }
}
