package dev.berth;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Removes a folder when this process ends, however it ends. A shell in a session of its own reads a pipe whose other end only this
 * process has open. What still writes into the folder ends with this process, but a moment later.
 */
final class FolderGuard {
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            cat
            for try in 1 2 3 4 5 6 7 8 9 10; do
              rm -rf -- "$1"
              [ -e "$1" ] || exit 0
              sleep 1
            done
            """;

    private FolderGuard() {}

    static Path watch(Path folder) throws IOException {
        new ProcessBuilder("setsid", "sh", "-c", SCRIPT, "berth-folder-guard", folder.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return folder;
    }
}
