package dev.berth.browser.launch;

import dev.berth.browser.BrowserExtension;
import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.browser.process.ChromeCommand;
import dev.berth.browser.process.ChromeProcess;
import dev.berth.browser.process.Confinement;
import dev.berth.browser.process.Display;
import dev.berth.browser.process.ExtensionFiles;
import dev.berth.browser.process.Leftovers;
import dev.berth.browser.process.ProcessTable;
import dev.berth.browser.process.ProcessTree;
import dev.berth.browser.process.Profiles;
import dev.berth.browser.process.SecludedServer;
import dev.berth.browser.process.UserIds;
import dev.berth.config.ChromeConfig;
import dev.berth.pipe.EpollPipe;
import dev.berth.protocol.BrowserKind;
import dev.berth.protocol.Device.Viewport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts Chrome's processes, each with a profile, a pipe and, where the server is root, a user id of its own; removes what they leave. */
final class ChromeStarter {
    private static final Logger log = LoggerFactory.getLogger(ChromeStarter.class);

    private final Vertx vertx;
    private final Path executable;
    private final ChromeConfig config;
    private final String searchPath;
    private final Profiles profiles;
    /** Empty where Chrome runs as the server's own, unprivileged user. */
    private final Optional<UserIds> userIds;

    private final Confinement confinement;
    private final Leftovers leftovers;
    /** Whether this machine was seen to give a program namespaces of its own. */
    private volatile boolean secludes;

    /**
     * What is to be started.
     *
     * @param viewport the size of its window, and of a headful one's screen
     * @param blankPage whether it has a page; else it gets its first one with its session. To the first page of that one it
     *     takes 150 instead of 170 ms of processor time and 131 instead of 147 ms: Chrome has one page less to make and to
     *     leave, and starts the page's process while it asks for the document (headless shell 156)
     * @param profile restored to the Chrome's folder first
     * @param extensions unpacked there
     */
    record Plan(
            BrowserKind kind,
            Viewport viewport,
            boolean blankPage,
            ProfileRestore profile,
            List<BrowserExtension> extensions) {
        /** Of a Chrome that is nobody's yet. */
        static Plan blank(BrowserKind kind) {
            return new Plan(kind, Viewport.DEFAULT, true, ProfileRestore.NONE, List.of());
        }
    }

    private ChromeStarter(
            Vertx vertx,
            Path executable,
            ChromeConfig config,
            String searchPath,
            Profiles profiles,
            Optional<UserIds> userIds,
            Confinement confinement) {
        this.vertx = vertx;
        this.executable = executable;
        this.config = config;
        this.searchPath = searchPath;
        this.profiles = profiles;
        this.userIds = userIds;
        this.confinement = confinement;
        this.leftovers = new Leftovers(vertx, userIds);
    }

    /** Finds Chrome; fails with {@link LaunchException} where there is none. Blocks. */
    static ChromeStarter create(Vertx vertx, ChromeConfig config, Path dataDir, String searchPath)
            throws IOException, InterruptedException {
        // Each Chrome has a working directory of its own.
        Path executable = ChromeFinder.find(config.path(), searchPath).toAbsolutePath();
        boolean root = "root".equals(System.getProperty("user.name"));
        Optional<String> defect = EpollPipe.defect(vertx);
        if (defect.isPresent()) {
            throw new LaunchException("the server can't talk to Chrome: " + defect.get());
        }
        Profiles profiles = Profiles.in(dataDir, root);
        boolean full = ChromeFinder.hasFull(config.fullPath(), searchPath);
        Confinement confinement = root
                ? Confinement.ofUsers(
                        executable, full, config.sandbox(), profiles.root(), config.firstUid(), searchPath)
                : Confinement.ofFolders(executable, full, config.sandbox(), profiles.root(), searchPath);
        confinement.missing().forEach((what, why) -> log.warn("a Chrome lacks a protection: {} {}", what, why));
        Optional<UserIds> userIds = root
                ? Optional.of(UserIds.open(UserIds.LOCKS, config.firstUid(), ProcessTable::ofUser))
                : Optional.empty();
        return new ChromeStarter(vertx, executable, config, searchPath, profiles, userIds, confinement);
    }

    /** The protections of its Chromes, by name: {@code on}, or {@code off: } and why. */
    Map<String, String> protections() {
        return confinement.protections();
    }

    Path executable() {
        return executable;
    }

    /** The folder of all profiles. */
    Path folder() {
        return profiles.root();
    }

    Leftovers leftovers() {
        return leftovers;
    }

    /**
     * Blocks for the fork.
     *
     * @param proxyPort of its only way out
     */
    ChromeProcess start(Plan plan, int proxyPort) throws IOException, InterruptedException {
        OptionalInt userId = userIds.isPresent() ? OptionalInt.of(userIds.get().take()) : OptionalInt.empty();
        String name = "c-" + UUID.randomUUID().toString().substring(24);
        try {
            if (userId.isPresent()) {
                confinement.hold(userId.getAsInt());
            }
            Path home = profiles.create(name, userId);
            confinement.prepare(plan.kind(), home);
            plan.profile().into(home, userId);
            ExtensionFiles.unpack(plan.extensions(), home, userId);
            return start(plan, home, userId, proxyPort);
        } catch (IOException | InterruptedException | RuntimeException e) {
            leftovers.remove(profiles.root().resolve(name), userId);
            throw e;
        }
    }

    private ChromeProcess start(Plan plan, Path home, OptionalInt userId, int proxyPort) throws IOException {
        Path program = plan.kind() == BrowserKind.SHELL ? executable : full();
        Optional<Display> display = Optional.of(new Display(home)).filter(any -> plan.kind() == BrowserKind.HEADFUL);
        if (display.isPresent()) {
            display.get().prepare(userId);
        }
        EpollPipe pipe = EpollPipe.open();
        try {
            List<String> command = ChromeCommand.of(
                    plan.kind(),
                    program,
                    Profiles.profile(home),
                    display.isPresent() ? confinement.display(userId, plan.viewport()) : "",
                    pipe.redirections(),
                    plan.viewport(),
                    confinement.words(plan.kind(), program, home, userId, proxyPort),
                    config.sandbox(),
                    proxyPort,
                    plan.blankPage());
            Map<String, String> environment = display.map(Display::environment).orElse(Map.of());
            return ChromeProcess.start(vertx, command, environment, home, userId, pipe);
        } catch (IOException | RuntimeException e) {
            pipe.close();
            throw e;
        }
    }

    private Path full() {
        return ChromeFinder.full(config.fullPath(), searchPath).toAbsolutePath();
    }

    /**
     * Fails with {@link LaunchException} that says what to install, or to allow, where this machine has no browser of this kind that is held.
     * Blocks for a moment.
     */
    void require(BrowserKind kind) {
        if (kind != BrowserKind.SHELL) {
            full();
            requirePolicy();
        }
        if (kind == BrowserKind.HEADFUL) {
            ChromeFinder.display(searchPath);
        }
    }

    private void requirePolicy() {
        confinement.policyDefect().filter(why -> needsPolicy()).ifPresent(why -> {
            throw new LaunchException("full Chrome is off, as nothing would keep its users from the server's files:"
                    + " its policy " + why + ". BERTH_CHROME_WITHOUT_POLICY=true takes that risk");
        });
    }

    /** Whether sessions may have only a full Chrome that obeys its policy. */
    boolean needsPolicy() {
        return !config.withoutPolicy();
    }

    /** Tells that the full Chrome of this machine opens what its policy forbids. Fails as {@link #require} does from now on. */
    void policyIgnored() {
        confinement.policyIgnored();
        requirePolicy();
    }

    /** Fails with {@link LaunchException} where extensions could send what the proxy does not see. */
    void requireExtensionsHeld() {
        confinement.networkDefect().ifPresent(why -> {
            throw new LaunchException(
                    "extensions could send past the session's proxy on this server, whose protection network is off: "
                            + why);
        });
    }

    /** The executable of chromedriver; fails with {@link LaunchException} where there is none. Blocks. */
    Path driver() {
        return ChromeFinder.driver(config.driver(), searchPath).toAbsolutePath();
    }

    /** Fails with {@link LaunchException} where this machine can't start a {@link SecludedServer} that is held. Blocks. */
    void requireSeclusion() throws InterruptedException {
        if (!secludes) {
            confinement.requireSeclusion();
            SecludedServer.requireAlone(userIds.isPresent());
            secludes = true;
        }
    }

    /**
     * Makes a folder for a {@link SecludedServer}, with a user id of its own where the server is root. Blocks.
     *
     * @param prefix of the folder's name
     */
    SecludedServer secludedServer(String prefix) throws IOException {
        OptionalInt userId = userIds.isPresent() ? OptionalInt.of(userIds.get().take()) : OptionalInt.empty();
        String name = prefix + UUID.randomUUID().toString().substring(24);
        try {
            return new SecludedServer(profiles.create(name, userId), userId);
        } catch (IOException | RuntimeException e) {
            leftovers.remove(profiles.root().resolve(name), userId);
            throw e;
        }
    }

    /** The words before the command of a {@link SecludedServer}. Blocks. */
    List<String> secludedWords(SecludedServer server, List<String> program) throws IOException {
        return confinement.secluded(server.home(), server.userId(), Path.of(program.get(0)));
    }

    /** Removes what an earlier process of this data directory left: Chromes that hung, profiles, and user ids in the packet filter. */
    Future<Void> reap() {
        return vertx.executeBlocking(this::orphans, false)
                .compose(orphans -> Future.join(orphans.stream()
                        .map(orphan -> ProcessTree.kill(vertx, orphan))
                        .toList()))
                .compose(gone -> vertx.executeBlocking(this::deleteLeftovers, false));
    }

    private List<ProcessHandle> orphans() {
        String mark = "--user-data-dir=" + profiles.root() + "/";
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(mark))
                .toList();
    }

    private Void deleteLeftovers() throws IOException, InterruptedException {
        for (Path left : profiles.leftovers()) {
            OptionalInt user = Profiles.userOf(left);
            if (userIds.isPresent() && user.isPresent()) {
                userIds.get().end(user.getAsInt());
            }
            Profiles.delete(left);
        }
        if (userIds.isPresent()) {
            confinement.releaseIdle(userIds.get());
        }
        return null;
    }

    /** Removes the folder of the profiles, once there is none in it. Blocks. */
    void close() throws IOException, InterruptedException {
        profiles.close();
        if (userIds.isPresent()) {
            confinement.release();
            userIds.get().close();
        }
    }
}
