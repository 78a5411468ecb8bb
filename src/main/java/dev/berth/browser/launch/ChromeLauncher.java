package dev.berth.browser.launch;

import dev.berth.browser.BrowserLauncher;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.DevToolsEndpoint;
import dev.berth.browser.LaunchException;
import dev.berth.browser.Launched;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.cdp.ChromePipes;
import dev.berth.browser.drive.command.CommandThreads;
import dev.berth.browser.process.ChromeCommand;
import dev.berth.browser.process.ChromeProcess;
import dev.berth.browser.process.DiskGuard;
import dev.berth.browser.process.DiskSpace;
import dev.berth.browser.process.Leftovers;
import dev.berth.browser.process.MemoryGuard;
import dev.berth.browser.process.ProcessTable;
import dev.berth.browser.process.ProcessTree;
import dev.berth.browser.process.Profiles;
import dev.berth.browser.process.UserIds;
import dev.berth.config.ServerConfig;
import dev.berth.pipe.EpollPipe;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.Viewport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts Chromes, each with a profile and, where the server is root, a user id of its own. */
public final class ChromeLauncher implements BrowserLauncher {
    private static final Logger log = LoggerFactory.getLogger(ChromeLauncher.class);

    private final Vertx vertx;
    private final ServerConfig.Chrome config;
    private final Path executable;
    private final Profiles profiles;
    /** Empty where Chrome runs as the server's own, unprivileged user. */
    private final Optional<UserIds> userIds;

    private final ChromePipes pipes;
    private final boolean pipesWork;
    private final CommandThreads hands;
    private final LaunchGate gate;
    /** A thread for each launch that the gate lets through: it waits there for its Chrome. Closed with its Vertx. */
    private final WorkerExecutor launches;

    private final Leftovers leftovers;
    private final MemoryGuard memory;
    private final DiskGuard disk;
    private final long maxDiskBytes;

    private ChromeLauncher(
            Vertx vertx,
            ServerConfig.Chrome config,
            Path executable,
            Profiles profiles,
            DiskGuard disk,
            long maxDiskBytes,
            int maxSessions,
            Optional<UserIds> userIds,
            ChromePipes pipes,
            boolean pipesWork) {
        this.disk = disk;
        this.maxDiskBytes = maxDiskBytes;
        this.pipes = pipes;
        this.pipesWork = pipesWork;
        this.vertx = vertx;
        this.config = config;
        this.executable = executable;
        this.profiles = profiles;
        this.userIds = userIds;
        this.leftovers = new Leftovers(vertx, userIds);
        this.memory = new MemoryGuard(vertx, (long) config.maxMemoryMib() << 20);
        this.gate = new LaunchGate(
                config.parallelLaunches(), () -> ((ContextInternal) vertx.getOrCreateContext()).promise());
        this.launches = vertx.createSharedWorkerExecutor("berth-launch", config.parallelLaunches());
        // All its threads start now, and not on an event loop whose scheduling policy Chromes would inherit.
        for (int i = 0; i < config.parallelLaunches(); i++) {
            launches.executeBlocking(() -> null, false);
        }
        this.hands = new CommandThreads(maxSessions);
    }

    /**
     * Finds Chrome; fails with {@link LaunchException} where there is none. Blocks.
     *
     * @param maxSessions how many there are at once
     * @param pipes gets those of its Chromes, each by the path of its DevTools endpoint
     */
    public static ChromeLauncher create(
            Vertx vertx,
            ServerConfig.Chrome config,
            ServerConfig.Disk disk,
            int maxSessions,
            Path dataDir,
            String searchPath,
            ChromePipes pipes)
            throws IOException, InterruptedException {
        // Each Chrome has a working directory of its own.
        Path executable = ChromeFinder.find(config.path(), searchPath).toAbsolutePath();
        boolean root = "root".equals(System.getProperty("user.name"));
        if (root
                && Stream.of(searchPath.split(":"))
                        .noneMatch(folder -> Files.isExecutable(Path.of(folder, "setpriv")))) {
            throw new LaunchException("the server runs as root and Chrome must not: install setpriv (util-linux),"
                    + " or start the server as another user");
        }
        if (!config.sandbox()) {
            log.warn("Chrome's sandbox is switched off (chrome.sandbox): pages can reach what Chrome's user can");
        }
        boolean pipesWork = EpollPipe.works(vertx);
        if (!pipesWork) {
            log.info(
                    "Chromes have no pipes that an event loop can read: threads read them, which is slower");
        }
        Profiles profiles = Profiles.in(dataDir, root);
        DiskGuard guard = new DiskGuard(
                vertx, DiskSpace.of(dataDir, profiles.root(), disk.floorBytes())::headroom, disk.sessionBytes());
        Optional<UserIds> userIds = root
                ? Optional.of(UserIds.open(UserIds.LOCKS, config.firstUid(), ProcessTable::ofUser))
                : Optional.empty();
        return new ChromeLauncher(
                vertx,
                config,
                executable,
                profiles,
                guard,
                disk.sessionBytes(),
                maxSessions,
                userIds,
                pipes,
                pipesWork);
    }

    public Path executable() {
        return executable;
    }

    /** Whether pages are held in Chrome's sandbox. */
    public boolean sandboxed() {
        return config.sandbox();
    }

    /** Ends what an earlier process of this data directory left: Chromes that hung, and profiles. */
    public Future<Void> reap() {
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

    private Void deleteLeftovers() throws IOException {
        try (Stream<Path> leftovers = profiles.leftovers()) {
            leftovers.forEach(Profiles::delete);
        }
        return null;
    }

    /** Removes the folder of the profiles, once there is none in it. */
    public Future<Void> close() {
        return Future.join(memory.close(), disk.close())
                .onComplete(done -> hands.close())
                .compose(done -> vertx.executeBlocking(
                        () -> {
                            profiles.close();
                            if (userIds.isPresent()) {
                                userIds.get().close();
                            }
                            return null;
                        },
                        false));
    }

    @Override
    public Optional<String> full() {
        return disk.full();
    }

    @Override
    public Future<Launched> launch(
            SessionOptions options, Optional<Navigate> opening, BrowserListener listener, Future<Void> abort) {
        return prepare(opening.isEmpty(), abort).compose(chrome -> adopt(chrome, options, opening, listener, abort));
    }

    /**
     * A Chrome that is up; nobody's yet. Fails with {@link LaunchException}, and leaves nothing behind.
     *
     * @param blankPage whether it has a page; else it gets its first one with its session. To the first page of that one it
     *     takes 150 instead of 170 ms of processor time and 131 instead of 147 ms: Chrome has one page less to make and to
     *     leave, and starts the page's process while it asks for the document (headless shell 156)
     */
    Future<PreparedChrome> prepare(boolean blankPage, Future<Void> abort) {
        return gate.pass(() -> start(blankPage, abort), abort).recover(ChromeLauncher::explain);
    }

    private Future<PreparedChrome> start(boolean blankPage, Future<Void> abort) {
        return launches.executeBlocking(() -> start(blankPage), false).compose(process -> {
            var up = launches.executeBlocking(() -> process.awaitEndpoint(config.launchTimeoutMillis()), false);
            killIfAborted(process, up, abort);
            return up.map(endpoint -> prepared(process, endpoint, blankPage))
                    .recover(e -> leftovers.removeSoon(process).transform(gone -> Future.failedFuture(e)));
        });
    }

    /** What waits for it then fails soon. Once nothing does, it is its owner's, who closes it in good order. */
    private static void killIfAborted(ChromeProcess process, Future<?> waiting, Future<Void> abort) {
        abort.onSuccess(unwanted -> {
            if (!waiting.isComplete()) {
                process.kill();
            }
        });
    }

    private PreparedChrome prepared(ChromeProcess process, DevToolsEndpoint endpoint, boolean blankPage) {
        ChromePipe pipe = ChromePipe.of((ContextInternal) vertx.getOrCreateContext(), process.pipe());
        pipes.add(endpoint.path(), pipe);
        return new PreparedChrome(vertx, process, endpoint, pipe, blankPage, maxDiskBytes, hands, () -> {
            Future<Void> gone = leftovers.remove(process);
            return gone.onSuccess(done -> {
                disk.forget(process.home());
                pipes.remove(endpoint.path());
            });
        });
    }

    /** Makes a prepared Chrome a session's; on the session's context from here on. It is gone where this fails. */
    Future<Launched> adopt(
            PreparedChrome chrome,
            SessionOptions options,
            Optional<Navigate> opening,
            BrowserListener listener,
            Future<Void> abort) {
        Context context = vertx.getOrCreateContext();
        disk.watch(
                chrome.process().home(),
                chrome.process().handle(),
                detail -> context.runOnContext(ignored -> listener.diskOutgrown(detail)));
        Future<Launched> adopted = chrome.connect()
                .compose(connection ->
                        ChromeBrowser.adopt(vertx, options, opening, listener, chrome, connection, memory));
        killIfAborted(chrome.process(), adopted, abort);
        return adopted.recover(e -> chrome.discard().transform(gone -> explain(e)));
    }

    /** Users are told why a session failed, in our own words: others may name paths of this machine. */
    static <T> Future<T> explain(Throwable e) {
        if (e instanceof LaunchException) {
            return Future.failedFuture(e);
        } else if (e instanceof BerthException) {
            return Future.failedFuture(new LaunchException("Chrome did not come up: " + e.getMessage(), e));
        }
        log.warn("Chrome did not come up: {}", e.toString());
        return Future.failedFuture(new LaunchException("Chrome did not come up; the server's log tells why", e));
    }

    private static String newName() {
        return "c-" + UUID.randomUUID().toString().substring(24);
    }

    private ChromeProcess start(boolean blankPage) throws IOException {
        OptionalInt userId = userIds.isPresent() ? OptionalInt.of(userIds.get().take()) : OptionalInt.empty();
        String name = newName();
        try {
            return start(profiles.create(name, userId), userId, blankPage);
        } catch (IOException | RuntimeException e) {
            leftovers.remove(profiles.root().resolve(name), userId);
            throw e;
        }
    }

    private ChromeProcess start(Path home, OptionalInt userId, boolean blankPage) throws IOException {
        Optional<EpollPipe> pipe = pipesWork ? EpollPipe.open(vertx) : Optional.empty();
        try {
            List<String> command = ChromeCommand.of(
                    executable, Profiles.profile(home), pipe, Viewport.DEFAULT, userId, config.sandbox(), blankPage);
            return ChromeProcess.start(vertx, command, home, userId, pipe);
        } catch (IOException | RuntimeException e) {
            if (pipe.isPresent()) {
                pipe.get().close();
            }
            throw e;
        }
    }
}
