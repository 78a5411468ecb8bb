package dev.berth.browser.process;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The managed policy of full Chrome, which holds also for navigations that Chrome's own parts and extensions start: no pages of local files
 * and of Chrome itself, and no UDP. Chrome reads policies from the system's folders alone, so each Chrome has a mount namespace in which
 * Berth's file lies over those folders; the operator's files stay as they are, and their other policies hold. The headless shell
 * reads no policies.
 */
public final class ManagedPolicy {
    /** A host that no other list of blocked URLs has: whether Chrome blocks it tells whether Chrome obeys this policy. */
    private static final String MARK = "berth-policy.invalid";

    /** The page with which {@link #BLOCKED} is tried. */
    public static final String TRIED_URL = "http://" + MARK + "/";

    /** Chrome's error for a URL that a policy blocks. */
    public static final String BLOCKED = "net::ERR_BLOCKED_BY_ADMINISTRATOR";

    /**
     * All schemes that reach the host or Chrome's own pages. {@code view-source:} is judged by the URL behind it. A session's page is
     * {@code about:blank} at first, which the list leaves.
     */
    private static final JsonObject POLICY = new JsonObject()
            .put(
                    "URLBlocklist",
                    new JsonArray(List.of(
                            "file://*",
                            "filesystem:*",
                            "chrome://*",
                            "chrome-untrusted://*",
                            "chrome-search://*",
                            "devtools://*",
                            "isolated-app://*",
                            MARK)))
            // A file dialog of a headful Chrome would list the machine's folders.
            .put("AllowFileSelectionDialogs", false)
            .put("WebRtcIPHandling", "disable_non_proxied_udp");

    /** The last file wins where two have the same policy; Chrome reads them in the order of their names. */
    private static final String FILE = "policies/managed/zz-berth.json";

    /** The folders of Chromium, Google Chrome and Chrome for Testing, in {@code /etc}. */
    private static final List<String> PRODUCTS = List.of("chromium", "opt/chrome", "opt/chrome_for_testing");

    /** Folders of the system, one of which has to be there, as a mount has to have a place. */
    private static final List<String> PLACES = List.of("chromium", "opt");

    private static final Path SETTINGS = Path.of("/etc");
    /** In a Chrome's folder, which is the working directory of its command: a path without commas and colons. */
    private static final String FOLDER = "policy";

    private final List<String> places;
    private final String defect;

    private ManagedPolicy(List<String> places, String defect) {
        this.places = places;
        this.defect = defect;
    }

    /**
     * Mounts it for a program that does nothing, to see whether this machine can. Blocks.
     *
     * @param folder any of the server's
     * @param user the words by which a Chrome becomes its user
     */
    static ManagedPolicy tried(Path folder, List<String> user) throws IOException, InterruptedException {
        List<String> places = PLACES.stream()
                .filter(place -> Files.isDirectory(SETTINGS.resolve(place)))
                .toList();
        if (places.isEmpty()) {
            return new ManagedPolicy(
                    places, "needs a folder /etc/chromium or /etc/opt, over which it is mounted: make one");
        }
        Path home = Files.createTempDirectory(folder, "p-");
        try {
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
            ManagedPolicy policy = new ManagedPolicy(places, "");
            policy.prepare(home);
            List<String> words = new ArrayList<>(user);
            words.addAll(policy.words());
            words.addAll(Confinement.UNPRIVILEGED);
            words.add("true");
            Trial trial = Trial.of(words, home);
            String said = trial.said().lines().findFirst().orElse("the mount failed");
            return trial.well()
                    ? policy
                    : new ManagedPolicy(
                            places,
                            "needs overlay mounts in user namespaces (Linux 5.11, in a container"
                                    + " docker/seccomp.json): " + said);
        } finally {
            Profiles.delete(home);
        }
    }

    /** Why it can't be had; empty where it holds. */
    Optional<String> defect() {
        return Optional.of(defect).filter(why -> !why.isEmpty());
    }

    /** Writes the files that are mounted into the folder of a Chrome; all users may read them. Blocks. */
    void prepare(Path home) throws IOException {
        for (String product : PRODUCTS) {
            Path file = home.resolve(FOLDER).resolve(product).resolve(FILE);
            Files.createDirectories(file.getParent());
            Files.writeString(file, POLICY.encode());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
            for (Path each = file.getParent(); !each.equals(home); each = each.getParent()) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    /** The words before a command whose working directory is a prepared folder; the command has rights in its namespaces, to be dropped. */
    List<String> words() {
        String mounts = places.stream()
                .map(place -> "mount -t overlay berth -o lowerdir=" + FOLDER + "/" + place + ":/etc/" + place + " /etc/"
                        + place + " && ")
                .collect(Collectors.joining());
        List<String> words = new ArrayList<>(Confinement.ALONE);
        words.addAll(List.of("--mount", "/bin/sh", "-c"));
        words.addAll(List.of(mounts + "exec \"$0\" \"$@\""));
        return words;
    }

    /** The folders of policies that a Chrome has where the policy is mounted, of which it has to be let read. */
    List<Path> folders() {
        return PRODUCTS.stream()
                .filter(product -> places.stream().anyMatch(product::startsWith))
                .map(SETTINGS::resolve)
                .toList();
    }
}
