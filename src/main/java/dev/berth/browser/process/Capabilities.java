package dev.berth.browser.process;

import java.util.List;
import java.util.Map;

/** What a server that is root needs of root's powers to run each Chrome as a user of its own. Containers may withhold them. */
public final class Capabilities {
    /** By their bits. To give files to Chrome's user, to read, change and delete its files, to end its processes, to become it. */
    private static final Map<String, Integer> NEEDED =
            Map.of("CHOWN", 0, "DAC_OVERRIDE", 1, "FOWNER", 3, "KILL", 5, "SETGID", 6, "SETUID", 7);

    private static final String EFFECTIVE = "CapEff:";
    private static final int HEXADECIMAL = 16;

    private Capabilities() {}

    /**
     * Their names, in order.
     *
     * @param status the text of /proc/self/status
     */
    public static List<String> missing(String status) {
        long held = status.lines()
                .filter(line -> line.startsWith(EFFECTIVE))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring(EFFECTIVE.length()).strip(), HEXADECIMAL))
                .findFirst()
                .orElseThrow();
        return NEEDED.entrySet().stream()
                .filter(capability -> (held >> capability.getValue() & 1) == 0)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
