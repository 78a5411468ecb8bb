package dev.berth.browser.process;

import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.protocol.BrowserKind;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a page that has broken out of Chrome's sandbox from files, processes and networks, as far as this machine can: gives the
 * words to put before Chrome's command, and tells which protections this machine lacks. Files and other processes: {@link FolderWall},
 * and where the server is root each Chrome has a user id of its own. Network: {@link NetworkWall}, and as root {@link AddressWall} too. Full
 * Chrome, whose own parts and extensions may go where pages may not, has {@link ManagedPolicy}.
 */
public final class Confinement {
    private static final Logger log = LoggerFactory.getLogger(Confinement.class);
    private static final String ON = "on";
    private static final String ADDRESSES = "addresses";
    private static final String FILES = "files";
    private static final String NETWORK = "network";
    private static final String POLICY = "policy";
    private static final String LANDLOCK =
            "Linux 6.2 with Landlock, util-linux 2.40, and chrome.path, if it is set, to name Chrome's program and no script";
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

    static final List<String> SETPRIV = List.of("setpriv", "--no-new-privs");

    /** Before options that name the namespaces: as the same user, who has rights within them. */
    static final List<String> ALONE = List.of("unshare", "--user", "--map-current-user", "--keep-caps");

    /** Before a confined command in namespaces of its own: without the rights within these. */
    static final List<String> UNPRIVILEGED =
            List.of("setpriv", "--no-new-privs", "--ambient-caps=-all", "--inh-caps=-all");

    private final boolean folderWall;
    private final ManagedPolicy policy;
    /** Why a full Chrome that was tried is without its policy, on a machine that can mount the policy. */
    private volatile Optional<String> ignored = Optional.empty();

    private final NetworkWall networkWall;
    private final Optional<AddressWall> addressWall;
    private final Map<String, String> protections;

    private Confinement(
            boolean folderWall,
            ManagedPolicy policy,
            NetworkWall networkWall,
            Optional<AddressWall> addressWall,
            Map<String, String> protections) {
        this.folderWall = folderWall;
        this.policy = policy;
        this.networkWall = networkWall;
        this.addressWall = addressWall;
        this.protections = protections;
    }

    /**
     * For a server that is root: each Chrome has a user id of its own, from {@code firstUid} up. Fails with {@link LaunchException} where it
     * can't make them other users. Blocks.
     *
     * @param executable any Chrome of this machine
     * @param full whether this machine has full Chrome, too
     * @param folder of their profiles
     * @param searchPath of commands
     */
    public static Confinement ofUsers(
            Path executable, boolean full, boolean sandbox, Path folder, int firstUid, String searchPath)
            throws IOException, InterruptedException {
        requireOtherUsers(searchPath);
        NetworkWall network = NetworkWall.tried();
        AddressWall addresses = new AddressWall(firstUid);
        boolean files = FolderWall.works(asUser(firstUid), folder, executable);
        ManagedPolicy policy = ManagedPolicy.tried(folder, asUser(firstUid));
        Map<String, String> protections = protections(sandbox);
        protections.put(FILES, files ? ON : "off: files that all users of the machine may read need " + LANDLOCK);
        if (full) {
            protections.put(POLICY, state(policy.defect()));
        }
        protections.put("signals", ON);
        protections.put(NETWORK, state(network.defect()));
        protections.put(ADDRESSES, state(addresses.defect()));
        protections.put("descriptors", state(network.defect()));
        protections.put("processes", state(network.defect()));
        return new Confinement(files, policy, network, Optional.of(addresses), protections);
    }

    /**
     * For a server that is not root: Chromes run as its own user. Blocks.
     *
     * @param executable any Chrome of this machine
     * @param full whether this machine has full Chrome, too
     * @param folder of their profiles
     * @param searchPath of commands
     */
    public static Confinement ofFolders(Path executable, boolean full, boolean sandbox, Path folder, String searchPath)
            throws IOException, InterruptedException {
        NetworkWall network = NetworkWall.tried();
        boolean files = hasSetpriv(searchPath) && FolderWall.works(SETPRIV, folder, executable);
        ManagedPolicy policy = ManagedPolicy.tried(folder, List.of());
        Map<String, String> protections = protections(sandbox);
        protections.put(FILES, files ? ON : "off: needs " + LANDLOCK + ", or a server that runs as root");
        if (full) {
            protections.put(POLICY, state(policy.defect()));
        }
        protections.put("signals", network.holdsSignals() ? ON : "off: needs Linux 6.12 with Landlock");
        protections.put(NETWORK, state(network.defect()));
        protections.put(ADDRESSES, "off: " + AS_ROOT);
        protections.put("descriptors", state(network.defect()));
        protections.put("processes", "off: " + AS_ROOT);
        return new Confinement(files, policy, network, Optional.empty(), protections);
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

    /** Why full Chromes are without their policy on this machine; empty where the policy holds. */
    public Optional<String> policyDefect() {
        return policy.defect().or(() -> ignored);
    }

    /** Why Chromes can send what their proxy does not see; empty where they can't. */
    public Optional<String> networkDefect() {
        return networkWall.defect();
    }

    /** Tells that the full Chrome of this machine does not do what the policy says. */
    public void policyIgnored() {
        String folders = policy.folders().stream().map(Path::toString).collect(Collectors.joining(", "));
        ignored = Optional.of("is not obeyed by this Chrome, which reads policies elsewhere than in " + folders
                + " (their places are /etc/chromium and /etc/opt: a missing one can be made)");
        protections.put(POLICY, state(ignored));
    }

    /** Writes what the confinement of a Chrome needs in the Chrome's folder. Blocks. */
    public void prepare(BrowserKind kind, Path home) throws IOException {
        if (hasPolicy(kind)) {
            policy.prepare(home);
        }
    }

    private boolean hasPolicy(BrowserKind kind) {
        return kind != BrowserKind.SHELL && policy.defect().isEmpty();
    }

    /**
     * The words before the command of one Chrome, in whose folder the command has to start. Blocks.
     *
     * @param userId of the Chrome; empty where it runs as the server's user
     * @param proxyPort the only port that the Chrome can connect to
     */
    public List<String> words(BrowserKind kind, Path executable, Path home, OptionalInt userId, int proxyPort)
            throws IOException {
        List<String> words = new ArrayList<>(user(userId));
        if (hasPolicy(kind)) {
            words.addAll(policy.words());
            words.addAll(UNPRIVILEGED);
        }
        if (folderWall) {
            if (words.isEmpty()) {
                words.addAll(SETPRIV);
            }
            // The options of whichever setpriv comes last.
            List<Path> policies = hasPolicy(kind) ? policy.folders() : List.of();
            words.addAll(FolderWall.options(home, Profiles.written(home), executable, policies));
        }
        if (networkWall.defect().isEmpty()) {
            words.addAll(networkWall.words(proxyPort, userId.isPresent(), executable));
        }
        return words;
    }

    /** The part of a shell's program that starts the X server of a Chrome. Blocks. */
    public String display(OptionalInt userId, Viewport viewport) throws IOException {
        List<String> walls = folderWall
                ? FolderWall.options(Display.FOLDER_THERE, List.of(Display.FOLDER_THERE), SHELL, List.of())
                : List.of();
        return Display.start(user(userId), walls, viewport);
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
        List<String> words = new ArrayList<>(userId.isPresent() ? asUser(userId.getAsInt()) : UNPRIVILEGED);
        if (folderWall) {
            words.addAll(FolderWall.options(home, Profiles.written(home), program, List.of()));
        }
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
        List<String> words = new ArrayList<>(SETPRIV);
        words.addAll(List.of("--reuid=" + userId, "--regid=" + userId, "--clear-groups"));
        return words;
    }

    private static List<String> user(OptionalInt userId) {
        return userId.isPresent() ? asUser(userId.getAsInt()) : List.of();
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
