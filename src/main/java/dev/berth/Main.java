package dev.berth;

import dev.berth.cluster.Cluster;
import dev.berth.cluster.JoinException;
import dev.berth.cluster.NodeAddresses;
import dev.berth.config.ConfigException;
import dev.berth.config.ConfigLoader;
import dev.berth.config.ServerConfig;
import dev.berth.mcp.StdioBridge;
import dev.berth.node.Services;
import dev.berth.node.StartException;
import dev.berth.protocol.BerthException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.ObjectInputFilter;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code java -jar berth.jar} runs a server; {@link #USAGE} lists the other commands. */
public final class Main {
    private static final long SHUTDOWN_SECONDS = 10;
    private static final PrintStream OUT = System.out;
    private static final int MISUSED = 2;
    /** Exit code of a node that was declared lost: its supervisor starts it again. */
    private static final int LOST = 70;

    private static final String SERVE = "";
    private static final String SERVICES = "services";
    private static final Set<String> ACCESS = Set.of(AccessCommand.KEYS, AccessCommand.USERS);
    private static final String REHEARSE = "rehearse";
    private static final String MCP = "mcp";
    private static final String NETTY_JFR = "io.netty.jfr.enabled";
    private static final Set<String> HELP = Set.of("help", "--help", "-h");
    private static final String USAGE = """
            usage: java -jar berth.jar [command]

              (none)     runs a server
              services   runs only the embedded Postgres and S3 servers and prints their settings
              keys create <name> [--admin|--viewer] [--user <user>] [--days <days until it expires>]
                         creates an API key and prints it. An admin's key can drain the server; a viewer's key can only read and watch.
                         Without --user, the user is 'default'
              keys list [--user <user>]
                         lists the keys, without their secrets
              keys revoke <id>
                         revokes a key
              keys rotate <id> [--grace <seconds>]
                         creates a new key with the same rights and prints it. The old key expires after the grace period; without
                         --grace, at once
              keys change <id> [--name <name>] [--days <days>|never]
                         changes a key's name or expiry
              keys limit <id> <limit>=<number>|none …
                         limits what a key can use: sessions, createsPerMinute, requestsPerSecond, storedMib,
                         trafficMibPerMonth, aiUsdPerMonth
              users list, users remove <user>
                         lists users; removes a user with their keys, sessions and recordings. These commands work while the server runs
              mcp        speaks the Model Context Protocol over standard input and output, for the client that starts it
              rehearse   runs a server in a temporary folder until it is ready; for java -XX:ArchiveClassesAtExit
              help       prints this

            Settings come from config/berth.yaml and BERTH_… variables: see /docs/configure of a server.
            """;

    private Main() {}

    public static void main(String[] arguments) {
        long startedAt = System.nanoTime();
        String command = arguments.length == 0 ? SERVE : arguments[0];
        if (HELP.contains(command)) {
            OUT.print(USAGE);
        } else if (isKnown(command, arguments)) {
            run(List.of(arguments), command, startedAt);
        } else {
            System.err.print("unknown command '" + String.join(" ", arguments) + "'"
                    + (command.equals("key") ? ": create a key with 'keys create <name>'" : "") + "\n\n" + USAGE);
            System.exit(MISUSED);
        }
    }

    private static boolean isKnown(String command, String... arguments) {
        return ACCESS.contains(command)
                ? AccessCommand.parse(List.of(arguments)).isPresent()
                : arguments.length <= 1
                        && Set.of(SERVE, SERVICES, REHEARSE, MCP).contains(command);
    }

    private static void run(List<String> arguments, String command, long startedAt) {
        if (command.equals(MCP)) {
            // Standard output is the protocol's alone, and clients show people what is on the other one.
            System.setOut(System.err);
            System.setProperty("berth.log.stack-traces", "none");
        }
        // Netty would begin with Java's flight recorder, which takes a start 80 ms of its event loop.
        System.setProperty(NETTY_JFR, System.getProperty(NETTY_JFR, "false"));
        Vertx vertx = Vertx.vertx(options());
        Future<?> running = command.equals(REHEARSE)
                ? rehearse(vertx)
                : command.equals(MCP)
                        ? speakMcp(vertx)
                        // Without the context of a Vertx that a node closes: there, what follows would not be heard of.
                        : Future.fromCompletionStage(ConfigLoader.load(vertx, System.getenv())
                                        .toCompletionStage())
                                .onSuccess(Main::chooseLog)
                                .compose(config -> run(vertx, config, arguments, startedAt));
        running.onFailure(e -> {
            (command.equals(MCP) ? System.err : OUT)
                    .println((ACCESS.contains(command) ? "Nothing was done: " : "Berth can't start: ") + explain(e));
            exit(1);
        });
    }

    private static void chooseLog(ServerConfig config) {
        if (config.log().json()) {
            JsonLines.begin();
        }
    }

    private static VertxOptions options() {
        return new VertxOptions()
                .setPreferNativeTransport(true)
                // With it, Vert.x copies class-path files to the system's temporary folder.
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false));
    }

    private static Future<?> run(Vertx vertx, ServerConfig config, List<String> arguments, long startedAt) {
        return switch (arguments.isEmpty() ? SERVE : arguments.get(0)) {
            case SERVICES -> runServices(vertx, config);
            case AccessCommand.KEYS, AccessCommand.USERS ->
                onDatabase(vertx, config, AccessCommand.parse(arguments).orElseThrow());
            default ->
                config.cluster().enabled()
                        ? runNode(vertx, config, startedAt)
                        : runServer(vertx, config, Optional.empty(), startedAt);
        };
    }

    /** @param starter has read the configuration, which says how the Vertx of a node is made; it is closed */
    private static Future<?> runNode(Vertx starter, ServerConfig config, long startedAt) {
        refuseJavaObjects();
        // The promise has no context: a waiter on the starter's would never be told after the starter's end, not even
        // that the start failed.
        Promise<NodeAddresses> read = Promise.promise();
        NodeAddresses.read(starter, config.postgres().uri().orElseThrow()).onComplete(read);
        return read.future()
                .compose(addresses -> Cluster.join(options(), config.cluster(), addresses))
                .recover(e ->
                        e instanceof JoinException ? StartException.fail(e.getMessage(), e) : Future.failedFuture(e))
                .compose(cluster -> starter.close()
                        .compose(closed -> on(
                                cluster.vertx(),
                                () -> runServer(cluster.vertx(), config, Optional.of(cluster), startedAt))));
    }

    /** JGroups reads a Java object out of any message that claims to hold one. Without a secret, every program of the machine can send one. */
    private static void refuseJavaObjects() {
        if (ObjectInputFilter.Config.getSerialFilter() == null) {
            ObjectInputFilter.Config.setSerialFilter(ObjectInputFilter.Config.createFilter("!*"));
        }
    }

    private static Future<?> on(Vertx vertx, Supplier<Future<?>> work) {
        Promise<Object> done = Promise.promise();
        vertx.runOnContext(now -> work.get().<Object>mapEmpty().onComplete(done));
        return done.future();
    }

    private static Future<?> runServer(Vertx vertx, ServerConfig config, Optional<Cluster> cluster, long startedAt) {
        return untilShutdown(
                        vertx,
                        Server.start(
                                vertx,
                                config,
                                cluster,
                                () -> Runtime.getRuntime().halt(LOST)),
                        server -> server.close()
                                .eventually(() -> cluster.map(Cluster::leave).orElseGet(Future::succeededFuture)),
                        Server::patienceMillis)
                .onSuccess(server -> {
                    OUT.print(Banner.of(server, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt)));
                    OUT.flush();
                    // Start-up, above all unpacking Postgres, needs several times the memory of a running server.
                    System.gc();
                });
    }

    /** Ends when the client closes standard input. */
    private static Future<?> speakMcp(Vertx vertx) {
        McpCommand command = new McpCommand(vertx, System.getenv());
        Future<StdioBridge.Endpoint> server = untilShutdown(vertx, command.start(), up -> command.close());
        StdioBridge bridge = new StdioBridge(vertx, server, OUT);
        bridge.run(System.in).onSuccess(over -> {
            if (!server.failed()) {
                exit(0);
            }
        });
        // The bridge tells the requests that wait for the server why there is none.
        return server.recover(e -> bridge.stop().transform(told -> Future.failedFuture(e)));
    }

    private static Future<?> runServices(Vertx vertx, ServerConfig config) {
        return untilShutdown(vertx, Services.start(vertx, config), Services::close)
                .onSuccess(services -> {
                    OUT.print(Banner.settings(services.config()));
                    OUT.flush();
                });
    }

    private static Future<?> onDatabase(Vertx vertx, ServerConfig config, AccessCommand command) {
        return untilShutdown(vertx, Services.database(vertx, config), Services::close)
                .compose(services -> services.onDatabase(command::run))
                .recover(e ->
                        e instanceof BerthException ? StartException.fail(e.getMessage(), e) : Future.failedFuture(e))
                .onSuccess(text -> {
                    OUT.println(text);
                    exit(0);
                });
    }

    /**
     * Rehearses a start, a session and a stop. The settings are the defaults alone: with the machine's own settings, the start could
     * reach a Postgres that is in use.
     */
    private static Future<?> rehearse(Vertx vertx) {
        return vertx.fileSystem().createTempDirectory("berth-rehearsal").compose(folder -> {
            Supplier<Future<Void>> remove = () -> vertx.fileSystem().deleteRecursive(folder);
            Map<String, String> settings =
                    Map.of("BERTH_DATA_DIR", folder, "BERTH_HTTP_PORT", "0", "BERTH_POOL_SIZE", "1");
            // While an image is built, Chrome can't have a sandbox. The rehearsal opens one page, of the server's own.
            Map<String, String> unsandboxed = new HashMap<>(settings);
            unsandboxed.put("BERTH_CHROME_SANDBOX", "false");
            Future<Server> server = Server.start(vertx, ConfigLoader.withoutFile(settings))
                    .recover(e -> Server.start(vertx, ConfigLoader.withoutFile(unsandboxed)))
                    .recover(e -> remove.get().transform(removed -> Future.failedFuture(e)));
            return untilShutdown(vertx, server, started -> started.close().eventually(remove))
                    .onSuccess(started -> exit(0));
        });
    }

    /**
     * At shutdown, closes what {@code starting} started. A Ctrl-C during the start must not leave a Postgres behind
     * either.
     */
    private static <T> Future<T> untilShutdown(Vertx vertx, Future<T> starting, Function<T, Future<Void>> close) {
        return untilShutdown(vertx, starting, close, started -> 0);
    }

    /** @param patience for how many milliseconds closing may wait for sessions; asked for at the shutdown */
    private static <T> Future<T> untilShutdown(
            Vertx vertx, Future<T> starting, Function<T, Future<Void>> close, ToLongFunction<T> patience) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> shutDown(vertx, starting, close, patience), "berth-shutdown"));
        return starting;
    }

    private static void exit(int code) {
        // On a thread of its own: System.exit waits for the shutdown hook, which needs the event loops.
        new Thread(() -> System.exit(code), "berth-exit").start();
    }

    private static <T> void shutDown(
            Vertx vertx, Future<T> starting, Function<T, Future<Void>> close, ToLongFunction<T> patience) {
        long beganAt = System.nanoTime();
        log().info("shutdown: begins");
        try {
            // Each step is awaited before the next one, from this thread: futures of a closed Vertx's event loop never
            // complete. The start has a time of its own, so that its parts can be closed.
            await(starting.transform(started -> Future.succeededFuture()), SHUTDOWN_SECONDS);
            if (starting.succeeded()) {
                // Before it closes: the sessions are still there.
                long seconds = TimeUnit.MILLISECONDS.toSeconds(patience.applyAsLong(starting.result()));
                await(close.apply(starting.result()), seconds + SHUTDOWN_SECONDS);
            }
            await(vertx.close(), SHUTDOWN_SECONDS);
            log().info("shutdown: over after {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganAt));
        } catch (Exception e) {
            log().warn("the shutdown was not clean: {}", e.toString());
        }
    }

    private static void await(Future<?> future, long seconds) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    }

    /** Made when it is needed: what the configuration of the log depends on is set before. */
    private static Logger log() {
        return LoggerFactory.getLogger(Main.class);
    }

    /** The message for the user: one line for a known problem; an unexpected failure is also logged in full. */
    private static String explain(Throwable e) {
        if (!(e instanceof ConfigException || e instanceof StartException)) {
            log().error("unexpected failure", e);
        }
        return Optional.ofNullable(e.getMessage()).orElseGet(e::toString);
    }
}
