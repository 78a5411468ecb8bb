package dev.berth.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The chromedrivers of this machine. */
final class Drivers {
    private static final String NAME = "chromedriver";

    private Drivers() {}

    /** The program; empty where it is not installed. */
    static Optional<Path> chromedriver() {
        return Stream.concat(
                        Stream.of(Path.of("/usr/lib/chromium")),
                        Stream.of(System.getenv("PATH").split(":")).map(Path::of))
                .map(folder -> folder.resolve(NAME))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The running ones that this process has started. */
    static List<ProcessHandle> processes() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/" + NAME))
                .toList();
    }
}
