package dev.berth.browser.process;

import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.protocol.Device.Viewport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a page that has broken out of Chrome's sandbox from files, processes and networks, as far as this machine can: gives the
 * words to put before Chrome's command, and tells which protections this machine lacks. Files and other processes: where the server is
 * root, each Chrome has a user id of its own, else by {@link FolderWall}. Network: {@link NetworkWall}, and as root {@link AddressWall} too.
 */
public final class Confinement {
    private static final Logger log = LoggerFactory.getLogger(Confinement.class);
    private static final String ON = "on";
    private static final String ADDRESSES = "addresses";
    private static final String AS_ROOT = "only if the server runs as root and each Chrome has its own user id";

    /**
     * The bits of the capabilities that a root needs to confine a Chrome: to give files to Chrome's user, to read, change and delete them,
     * to end its processes, to become that user.
     */
    private static final Map<String, Integer> NEEDED =
            Map.of("CHOWN", 0, "DAC_OVERRIDE", 1, "FOWNER", 3, "KILL", 5, "SETGID", 6, "SETUID", 7);

    private static final String EFFECTIVE = "CapEff:";
    private static final int HEXADECIMAL = 16;
    /** In a folder of the system's programs, as the X server is. */
    private static final Path SHELL = Path.of("/bin/sh");

    private final boolean folderWall;
    private final NetworkWall networkWall;
    private final Optional<AddressWall> addressWall;
    private final Map<String, String> protections;

    private Confinement(
            boolean folderWall,
            NetworkWall networkWall,
            Optional<AddressWall> addressWall,
            Map<String, String> protections) {
        this.folderWall = folderWall;
        this.networkWall = networkWall;
        this.addressWall = addressWall;
        this.protections = protections;
    }

    /**
     * For a server that is root: each Chrome has a user id of its own, from {@code firstUid} up. Fails with {@link LaunchException} where it
     * can't make them other users. Blocks.
     *
     * @param searchPath of commands
     */
    public static Confinement ofUsers(boolean sandbox, int firstUid, String searchPath)
            throws IOException, InterruptedException {
        requireOtherUsers(searchPath);
        NetworkWall network = NetworkWall.tried();
        AddressWall addresses = new AddressWall(firstUid);
        Map<String, String> protections = protections(sandbox);
        protections.put("files", ON);
        protections.put("signals", ON);
        protections.put("network", state(network.defect()));
        protections.put(ADDRESSES, state(addresses.defect()));
        protections.put("descriptors", state(network.defect()));
        protections.put("processes", state(network.defect()));
        return new Confinement(false, network, Optional.of(addresses), protections);
    }

    /**
     * For a server that is not root: Chromes run as its own user. Blocks.
     *
     * @param executable any Chrome of this machine
     * @param folder of their profiles
     * @param searchPath of commands
     */
    public static Confinement ofFolders(Path executable, boolean sandbox, Path folder, String searchPath)
            throws IOException, InterruptedException {
        NetworkWall network = NetworkWall.tried();
        boolean files = hasSetpriv(searchPath) && FolderWall.works(folder, executable);
        Map<String, String> protections = protections(sandbox);
        protections.put(
                "files",
                files ? ON : "off: needs Linux 6.2 with Landlock and util-linux 2.40, or a server that runs as root");
        protections.put("signals", network.holdsSignals() ? ON : "off: needs Linux 6.12 with Landlock");
        protections.put("network", state(network.defect()));
        protections.put(ADDRESSES, "off: " + AS_ROOT);
        protections.put("descriptors", state(network.defect()));
        protections.put("processes", "off: " + AS_ROOT);
        return new Confinement(files, network, Optional.empty(), protections);
    }

    private static Map<String, String> protections(boolean sandbox) {
        Map<String, String> protections = Collections.synchronizedMap(new LinkedHashMap<>());
        protections.put("sandbox", sandbox ? ON : "off: chrome.sandbox (BERTH_CHROME_SANDBOX) is false");
        return protections;
    }

    private static String state(Optional<String> defect) {
        return defect.map(why -> "off: " + why).orElse(ON);
    }

    /** The protections by name, in a fixed order: {@code on}, or {@code off: } and why. The map shows how each is at the moment. */
    public Map<String, String> protections() {
        return Collections.unmodifiableMap(protections);
    }

    /** The protections that are off and that an operator can turn on without being root. */
    public Map<String, String> missing() {
        Map<String, String> missing = new LinkedHashMap<>(protections);
        missing.values().removeIf(state -> state.equals(ON) || state.endsWith(AS_ROOT));
        return missing;
    }

    /**
     * The words before the command of one Chrome. Blocks.
     *
     * @param userId of the Chrome; empty where it runs as the server's user
     * @param proxyPort the only port that the Chrome can connect to
     */
    public List<String> words(Path executable, Path home, OptionalInt userId, int proxyPort) throws IOException {
        List<String> words = new ArrayList<>();
        if (userId.isPresent()) {
            words.addAll(asUser(userId.getAsInt()));
        } else if (folderWall) {
            words.addAll(FolderWall.words(home, Profiles.written(home), executable));
        }
        if (networkWall.defect().isEmpty()) {
            words.addAll(networkWall.words(proxyPort, userId.isPresent(), executable));
        }
        return words;
    }

    /** The part of a shell's program that starts the X server of a Chrome. Blocks. */
    public String display(OptionalInt userId, Viewport viewport) throws IOException {
        List<String> user = userId.isPresent() ? asUser(userId.getAsInt()) : List.of();
        List<String> walls = userId.isEmpty() && folderWall
                ? FolderWall.words(Display.FOLDER_THERE, List.of(Display.FOLDER_THERE), SHELL)
                : List.of();
        return Display.start(user, walls, viewport);
    }

    /** Fails with {@link LaunchException} where a {@link SecludedServer} could reach the server's files. */
    public void requireSeclusion() {
        if (addressWall.isEmpty() && !folderWall) {
            throw new LaunchException(
                    "a chromedriver, or a Chrome with a port, must not reach the server's files, whose protection is "
                            + protections.get("files"));
        }
    }

    /**
     * The words before the command of a {@link SecludedServer}, whose namespaces take the place of the walls of networks and signals. Fails
     * as {@link #requireSeclusion} does. Blocks.
     *
     * @param userId of the program; empty where the program runs as the server's user
     */
    public List<String> secluded(Path home, OptionalInt userId, Path program) throws IOException {
        requireSeclusion();
        if (userId.isPresent()) {
            return asUser(userId.getAsInt());
        }
        List<String> words = new ArrayList<>(FolderWall.words(home, Profiles.written(home), program));
        words.addAll(1, List.of("--ambient-caps=-all", "--inh-caps=-all"));
        return words;
    }

    /** Takes from the packet filter the user ids that a killed server left. To be called before the first Chrome. Blocks. */
    public void releaseIdle(UserIds userIds) throws IOException, InterruptedException {
        if (addressWall.isPresent()) {
            addressWall.get().releaseIdle(userIds);
        }
    }

    /** To be called before a Chrome has this user id. Blocks, the first time for each id. */
    public void hold(int userId) throws InterruptedException {
        if (addressWall.isPresent()) {
            addressWall.get().hold(userId);
            String state = state(addressWall.get().defect());
            if (!state.equals(protections.put(ADDRESSES, state))) {
                log.warn("Chromes lack a protection: {} {}", ADDRESSES, state);
            }
        }
    }

    /** To be called once there are no Chromes, and before their user ids are given up. Blocks. */
    public void release() throws InterruptedException {
        if (addressWall.isPresent()) {
            addressWall.get().release();
        }
    }

    static List<String> asUser(int userId) {
        return List.of("setpriv", "--reuid=" + userId, "--regid=" + userId, "--clear-groups", "--no-new-privs");
    }

    private static boolean hasSetpriv(String searchPath) {
        return Stream.of(searchPath.split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, "setpriv")));
    }

    private static void requireOtherUsers(String searchPath) throws IOException {
        String root = "the server runs as root and Chrome must not: ";
        if (!hasSetpriv(searchPath)) {
            throw new LaunchException(root + "install setpriv (util-linux), or start the server as another user");
        }
        List<String> missing = missingCapabilities(Files.readString(Path.of("/proc/self/status")));
        if (!missing.isEmpty()) {
            throw new LaunchException(root + "let it keep the capabilities " + String.join(", ", missing)
                    + " (--cap-add), or start the server as another user");
        }
    }

    /**
     * The capabilities that a root needs to confine Chromes and this server has not, by name: containers may withhold them.
     *
     * @param status the text of /proc/self/status
     */
    static List<String> missingCapabilities(String status) {
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
