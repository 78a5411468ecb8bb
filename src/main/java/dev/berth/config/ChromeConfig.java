package dev.berth.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The browser.
 *
 * @param path the executable; empty to search for one
 * @param fullPath the executable of full Chrome, for sessions that ask for it; empty to search for one
 * @param driver the executable of chromedriver, for WebDriver; empty to search for one
 * @param sandbox false starts Chrome with {@code --no-sandbox}: pages can then reach everything that the server's
 *     user can
 * @param withoutPolicy true gives sessions full Chrome also where Berth's policy can't hold it: users can then read the server's files that
 *     Chrome's user can read
 * @param firstUid first of the user ids that Chromes get, one each, if the server runs as root
 * @param launchTimeoutMillis limit for a start
 * @param parallelLaunches how many Chromes start at the same time; the others wait
 * @param maxMemoryMib a session whose Chrome is measured to use more memory ends with {@code out_of_memory}
 * @param poolSize how many Chromes are started in advance
 * @param fullPoolSize how many full Chromes, likewise
 */
public record ChromeConfig(
        Optional<Path> path,
        Optional<Path> fullPath,
        Optional<Path> driver,
        boolean sandbox,
        boolean withoutPolicy,
        int firstUid,
        long launchTimeoutMillis,
        int parallelLaunches,
        int maxMemoryMib,
        int poolSize,
        int fullPoolSize) {
    static ChromeConfig read(Settings settings) {
        return new ChromeConfig(
                settings.path("chrome.path"),
                settings.path("chrome.full-path"),
                settings.path("chrome.driver"),
                settings.flag("chrome.sandbox", true),
                settings.flag("chrome.without-policy", false),
                settings.integer("chrome.first-uid", 61_000, 1_000, 2_000_000_000),
                settings.number("chrome.launch-timeout-millis", 30_000, 1_000, 300_000),
                settings.integer(
                        "chrome.parallel-launches", Runtime.getRuntime().availableProcessors(), 1, 1_000),
                settings.integer("chrome.max-memory-mib", 2_048, 128, 1 << 20),
                settings.integer("pool.size", 2, 0, 1_000),
                settings.integer("pool.chrome", 0, 0, 1_000));
    }
}
