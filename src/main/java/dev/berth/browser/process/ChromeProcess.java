package dev.berth.browser.process;

import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.loop.LoopPromise;
import dev.berth.pipe.ChildPipe;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The process, folder and pipe of one Chrome. Any thread may call; methods that block say so. */
public final class ChromeProcess {
    private static final String STDERR_FILE = "stderr.log";
    private static final int STDERR_TAIL_BYTES = 8_192;
    private static final FileAttribute<?> FOR_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    /**
     * The longest path of {@code TMPDIR}: full Chrome creates {@code org.chromium.Chromium.XXXXXX/SingletonSocket} there, and
     * exits if that path exceeds the 107 characters of a Unix socket's address.
     */
    private static final int MAX_TEMPORARY_CHARS = 107 - 46;

    /**
     * A short prefix for {@code TMPDIR} where its path is too long: all processes of a Chrome have the Chrome's folder as
     * working directory.
     */
    private static final String SHORT_TEMPORARY = "/proc/self/cwd/";

    private static final int MAX_TOLD_LINES = 5;
    private static final Pattern STACK =
            Pattern.compile("#\\d+ 0x|[a-z0-9]{2,3}: [0-9a-f]{16}\\b|\\[end of stack trace]|Received signal ");
    private static final Pattern PATH = Pattern.compile("(?<![\\w.])/[^\\s\"'`,;()\\[\\]<>]+");

    private static final File NOTHING = new File("/dev/null");

    private final Vertx vertx;
    private final Process process;
    private final Path home;
    private final OptionalInt userId;
    private final ChildPipe pipe;
    private volatile boolean killed;

    private ChromeProcess(Vertx vertx, Process process, Path home, OptionalInt userId, ChildPipe pipe) {
        this.vertx = vertx;
        this.process = process;
        this.home = home;
        this.userId = userId;
        this.pipe = pipe;
    }

    /**
     * Starts Chrome. Blocks for the fork.
     *
     * @param userId the user id that {@code command} runs Chrome as; empty for the server's own
     * @param pipe the pipe that {@code command} opens, closed with the process
     */
    public static ChromeProcess start(Vertx vertx, List<String> command, Path home, OptionalInt userId, ChildPipe pipe)
            throws IOException {
        return start(vertx, command, Map.of(), home, userId, pipe);
    }

    /**
     * The same.
     *
     * @param environment beside what every Chrome has
     */
    public static ChromeProcess start(
            Vertx vertx,
            List<String> command,
            Map<String, String> environment,
            Path home,
            OptionalInt userId,
            ChildPipe pipe)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
        // The server's environment holds secrets, so Chrome gets none of it.
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("HOME", Profiles.profile(home).toString());
        builder.environment().put("LANG", "C.UTF-8");
        builder.environment().put("TMPDIR", temporary(home));
        builder.environment().putAll(environment);
        builder.directory(home.toFile());
        // stderr goes to a file: that needs no thread to drain it, and is deleted with the folder.
        builder.redirectInput(NOTHING).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.redirectError(
                Files.createFile(home.resolve(STDERR_FILE), FOR_OWNER).toFile());
        return new ChromeProcess(vertx, builder.start(), home, userId, pipe);
    }

    private static String temporary(Path home) {
        Path folder = Profiles.temporary(home);
        return folder.toString().length() <= MAX_TEMPORARY_CHARS
                ? folder.toString()
                : SHORT_TEMPORARY + folder.getFileName();
    }

    /**
     * Completes when the program is up. Fails with {@link LaunchException}, which quotes the program's stderr, if it exits or is late.
     *
     * @param program the name, for errors: Chrome, or the chromedriver that takes its place
     * @param answered completes when the program has answered
     */
    public Future<Void> up(String program, Future<?> answered, long timeoutMillis) {
        Promise<Void> up = LoopPromise.here(vertx);
        long late = vertx.setTimer(
                timeoutMillis, passed -> fail(up, program + " did not start within " + timeoutMillis + " ms"));
        exit().thenAccept(code -> {
            if (!up.future().isComplete()) {
                fail(up, program + " exited with code " + code);
            }
        });
        answered.compose(answer -> vertx.executeBlocking(
                        () -> {
                            pipe.opened();
                            return null;
                        },
                        false))
                .onSuccess(opened -> up.tryComplete());
        return up.future().onComplete(done -> vertx.cancelTimer(late));
    }

    private void fail(Promise<Void> up, String what) {
        vertx.<Void>executeBlocking(
                        () -> {
                            throw failure(what);
                        },
                        false)
                .onFailure(up::tryFail);
    }

    /** Removes file paths from a message: users must not learn the folders of this machine. */
    public static String withoutPaths(String text) {
        return PATH.matcher(text).replaceAll("…");
    }

    /**
     * The last lines, joined, without stack frames and registers: a crashing Chrome prints about fifty of these after the
     * reason.
     */
    public static String withoutStacks(String text) {
        List<String> lines = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !STACK.matcher(line).lookingAt())
                .toList();
        return String.join("; ", lines.subList(Math.max(0, lines.size() - MAX_TOLD_LINES), lines.size()));
    }

    private LaunchException failure(String what) throws IOException {
        // The folder's path is replaced first, as it may contain a character that ends a path for the pattern.
        String stderr = withoutPaths(withoutStacks(stderrTail()).replace(home.toString(), "…"));
        return new LaunchException(stderr.isEmpty() ? what : what + ". Its output: " + stderr);
    }

    public ChildPipe pipe() {
        return pipe;
    }

    /** The user id that it runs as; empty for the server's own. */
    public OptionalInt userId() {
        return userId;
    }

    /** Unique among the Chromes of this server. */
    public String name() {
        return home.getFileName().toString();
    }

    /** The folder with its profile and files. */
    public Path home() {
        return home;
    }

    /** The end of what Chrome wrote to stderr, at most 8 KiB. */
    String stderrTail() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(home.resolve(STDERR_FILE).toFile(), "r")) {
            long start = Math.max(0, file.length() - STDERR_TAIL_BYTES);
            byte[] tail = new byte[(int) (file.length() - start)];
            file.seek(start);
            file.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8).strip();
        }
    }

    /** Completes, on a thread of the JVM, when the process has ended for any reason. */
    public CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Kills the main process, without waiting for its end. */
    public void kill() {
        killed = true;
        process.destroyForcibly();
    }

    /** Kills this Chrome where {@code abort} comes before the end of {@code work}, so that the work fails soon. */
    public void killIfAborted(Future<Void> abort, Future<?> work) {
        abort.onSuccess(unwanted -> {
            if (!work.isComplete()) {
                kill();
            }
        });
    }

    /** Whether the server has killed it. */
    public boolean wasKilled() {
        return killed;
    }

    /**
     * Completes when a Chrome that was told to end has ended in order, and none of its processes is left. Fails where it crashes, takes
     * longer, or where its user id has a process that is not in its tree: only a Chrome that was taken over has one.
     */
    public Future<Void> left(long timeoutMillis) {
        return Future.fromCompletionStage(exit(), vertx.getOrCreateContext())
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .recover(e -> Future.failedFuture(
                        new IOException("Chrome did not end in order within " + timeoutMillis + " ms", e)))
                .compose(code -> code == 0
                        ? ProcessTree.kill(vertx, process.toHandle())
                        : Future.failedFuture(new IOException("Chrome crashed while it ended, with code " + code)))
                .compose(gone -> vertx.executeBlocking(this::requireNoneOfUser, false));
    }

    /** A process that called {@code setsid} and lost its parent is in no tree. */
    private Void requireNoneOfUser() throws IOException {
        if (userId.isPresent() && !ProcessTable.ofUser(userId.getAsInt()).isEmpty()) {
            throw new IOException("Chrome left a process behind that is no part of Chrome");
        }
        return null;
    }

    /** Kills the process tree and all else that its user id runs, waits until both are gone, and deletes the folder. May be repeated. */
    Future<Void> destroy() {
        killed = true;
        return ProcessTree.kill(vertx, process.toHandle(), userId)
                .eventually(() -> vertx.executeBlocking(
                        () -> {
                            pipe.close();
                            return null;
                        },
                        false))
                .compose(gone -> vertx.executeBlocking(
                        () -> {
                            Profiles.delete(home);
                            return null;
                        },
                        false));
    }
}
