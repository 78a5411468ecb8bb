package dev.berth.browser.launch;

import dev.berth.browser.BrowserLauncher.LaunchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks for Chrome. The headless shell comes first: it is ready in a third of the time of full Chromium. */
public final class ChromeFinder {
    /** Debian's commands are shell wrappers around these; without the wrapper there is one process less to end. */
    private static final String DEBIAN_HOME = "/usr/lib/chromium/";

    private static final List<String> NAMES =
            List.of("chromium-headless-shell", "chrome-headless-shell", "chromium", "google-chrome");

    private static final List<String> FULL = List.of("chromium", "google-chrome");
    private static final String DISPLAY = "Xvfb";
    private static final String DRIVER = "chromedriver";

    private ChromeFinder() {}

    /** The executable: {@code configured}, or the first that is found. */
    public static Path find(Optional<Path> configured, String searchPath) {
        if (configured.isPresent()) {
            return configured
                    .filter(ChromeFinder::isProgram)
                    .orElseThrow(() -> new LaunchException(
                            "chrome.path (BERTH_CHROME_PATH): " + configured.get() + " is not an executable file"));
        }
        return NAMES.stream()
                .flatMap(name -> candidates(name, searchPath))
                .filter(ChromeFinder::isProgram)
                .findFirst()
                .orElseThrow(() -> new LaunchException(
                        "no Chrome was found: run docker/install-chrome.sh, or set BERTH_CHROME_PATH"));
    }

    /** The executable of full Chrome, likewise. */
    static Path full(Optional<Path> configured, String searchPath) {
        if (configured.isPresent()) {
            return configured
                    .filter(ChromeFinder::isProgram)
                    .orElseThrow(() ->
                            new LaunchException("chrome.full-path (BERTH_CHROME_FULL_PATH) is not an executable file"));
        }
        return Stream.concat(
                        Stream.of(Path.of(DEBIAN_HOME + "chromium")),
                        FULL.stream().flatMap(name -> onPath(name, searchPath)))
                .filter(ChromeFinder::isProgram)
                .findFirst()
                .orElseThrow(() -> new LaunchException("full Chrome is not installed on the server: run"
                        + " docker/install-chrome.sh --with-chrome there, or set BERTH_CHROME_FULL_PATH"));
    }

    /** Whether this machine has full Chrome. */
    static boolean hasFull(Optional<Path> configured, String searchPath) {
        try {
            return isProgram(full(configured, searchPath));
        } catch (LaunchException missing) {
            return false;
        }
    }

    /** The X server of headful Chromes, likewise; it has no setting. */
    static Path display(String searchPath) {
        return onPath(DISPLAY, searchPath)
                .filter(ChromeFinder::isProgram)
                .findFirst()
                .orElseThrow(() -> new LaunchException("headful Chrome needs Xvfb, which is not installed on the"
                        + " server: run docker/install-chrome.sh --with-chrome there"));
    }

    /** The executable of chromedriver, likewise. */
    static Path driver(Optional<Path> configured, String searchPath) {
        if (configured.isPresent()) {
            return configured
                    .filter(ChromeFinder::isProgram)
                    .orElseThrow(
                            () -> new LaunchException("chrome.driver (BERTH_CHROME_DRIVER) is not an executable file"));
        }
        return Stream.concat(Stream.of(Path.of(DEBIAN_HOME + DRIVER)), onPath(DRIVER, searchPath))
                .filter(ChromeFinder::isProgram)
                .findFirst()
                .orElseThrow(() ->
                        new LaunchException("WebDriver needs chromedriver, which is not installed on the server: run"
                                + " docker/install-chrome.sh --with-webdriver there, or set BERTH_CHROME_DRIVER"));
    }

    private static Stream<Path> candidates(String name, String searchPath) {
        Stream<Path> onPath = onPath(name, searchPath);
        // Full Chromium needs its wrapper's set-up.
        return name.contains("headless") ? Stream.concat(Stream.of(Path.of(DEBIAN_HOME + name)), onPath) : onPath;
    }

    private static Stream<Path> onPath(String name, String searchPath) {
        return Stream.of(searchPath.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name));
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
