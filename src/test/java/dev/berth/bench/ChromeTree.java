package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A running Chrome: its processes and its profile. */
record ChromeTree(ProcessHandle root, List<ProcessHandle> processes, Path profile) {
    private static final String PROFILE_FLAG = "--user-data-dir=";

    static ChromeTree of(ProcessHandle root, Path profile) {
        return new ChromeTree(root, tree(root), profile);
    }

    /** Some Chrome below this JVM. */
    static ChromeTree any() {
        return all().findFirst().orElseThrow();
    }

    /** The only Chrome with a profile below {@code folder}. */
    static ChromeTree below(Path folder) {
        return all().filter(chrome -> chrome.profile.startsWith(folder))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<ChromeTree> all() {
        return ProcessHandle.current()
                .descendants()
                .flatMap(process -> profile(process).map(profile -> of(process, profile)).stream());
    }

    /** Only the browser process itself: those below it, which may repeat its flags, have a type. */
    private static Optional<Path> profile(ProcessHandle process) {
        List<String> command = command(process);
        if (command.stream().anyMatch(part -> part.contains("--type="))
                || command.get(0).endsWith("sh")) {
            return Optional.empty();
        }
        return command.stream()
                .filter(part -> part.startsWith(PROFILE_FLAG))
                .map(part -> Path.of(part.substring(PROFILE_FLAG.length())))
                .findFirst();
    }

    private static List<String> command(ProcessHandle process) {
        try {
            return List.of(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .split("\0"));
        } catch (IOException e) {
            return List.of(""); // it has just ended
        }
    }

    static List<ProcessHandle> tree(ProcessHandle root) {
        return Stream.concat(Stream.of(root), root.descendants()).toList();
    }

    /** Its executable and flags, {@code --user-data-dir} not among them, and the page not either. */
    List<String> flags() {
        return command(root).stream()
                .filter(part -> !part.startsWith(PROFILE_FLAG) && !part.equals("about:blank"))
                .toList();
    }

    /** Kills all processes, waits until they are gone, and deletes the profile. */
    void end() {
        List<ProcessHandle> now = tree(root);
        now.forEach(ProcessHandle::destroyForcibly);
        Rig.waitUntil(() -> now.stream().noneMatch(ChromeTree::lives), 1);
        Rig.delete(profile);
    }

    boolean gone() {
        return !Files.exists(profile) && processes.stream().noneMatch(ChromeTree::lives);
    }

    /** A zombie is dead: only its parent has not looked yet. */
    static boolean lives(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }
}
