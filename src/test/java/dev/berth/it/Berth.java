package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.berth.Server;
import dev.berth.access.KeyRepository;
import dev.berth.config.ConfigLoader;
import dev.berth.config.ObjectStoreConfig;
import dev.berth.config.ServerConfig;
import dev.berth.database.Database;
import dev.berth.fake.ScriptedModelServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** The server that the integration tests share, and servers of their own for tests that break theirs. */
public final class Berth {
    static final String KEY = "a-key-for-the-tests";
    /** Of pages that may use the API of every server. */
    static final String TRUSTED_ORIGIN = "https://app.example";

    /** The user whose browser the clients of the shared server's port for CDP drive. */
    static final String CDP_USER = "of-the-cdp-port";

    private static final ListAppender<ILoggingEvent> LOG = recordLog();
    private static final List<Path> TEMPORARY_AT_START = temporaryFolders();
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final Map<Path, String> DATABASES_OF = new ConcurrentHashMap<>();
    private static final List<Runnable> STOPPED_BEFORE = new ArrayList<>();
    private static Berth shared;
    private static String template;

    final Vertx vertx;
    final Server server;
    final TestSite site;
    final Path dataDir;

    private Berth(Vertx vertx, Server server, TestSite site, Path dataDir) {
        this.vertx = vertx;
        this.server = server;
        this.site = site;
        this.dataDir = dataDir;
    }

    private static ListAppender<ILoggingEvent> recordLog() {
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
        // Only the log shows which Chrome a session has, and that an outage is over.
        for (String name : List.of("dev.berth.session.LiveSession", "dev.berth.history.outbox.JournaledOutbox")) {
            Logger told = logger(name);
            told.setLevel(Level.INFO);
            told.setAdditive(false);
            told.addAppender(appender);
        }
        return appender;
    }

    private static Logger logger(String name) {
        // While another class initialises logging, the factory is a substitute without loggers of this kind.
        ILoggerFactory loggers = Api.await(LoggerFactory::getILoggerFactory, LoggerContext.class::isInstance);
        return (Logger) loggers.getLogger(name);
    }

    private static Stream<ILoggingEvent> recorded() {
        // The lock of the appender, which other threads use meanwhile.
        synchronized (LOG) {
            return List.copyOf(LOG.list).stream();
        }
    }

    /** Log messages that no test may cause: blocked event loops, and errors. */
    static List<String> complaints() {
        return recorded()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.ERROR)
                        || event.getLoggerName().contains("BlockedThreadChecker"))
                .map(event -> event.getLoggerName() + ": " + event.getFormattedMessage() + stack(event))
                .toList();
    }

    /** Removes an error that a test causes on purpose. */
    public static void forgive(String part) {
        synchronized (LOG) {
            assertThat(LOG.list.removeIf(event -> event.getLevel().isGreaterOrEqual(Level.ERROR)
                            && event.getFormattedMessage().contains(part)))
                    .as("an error was logged: %s", part)
                    .isTrue();
        }
    }

    /** The messages that classes with this name prefix have logged so far. */
    static List<String> logged(String names) {
        return recorded()
                .filter(event -> event.getLoggerName().startsWith(names))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** The logged warnings and errors that contain {@code part}. */
    static List<String> loggedWith(String part) {
        return recorded()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains(part))
                .toList();
    }

    /** What lines with {@code part} in their message were given by this name, beside the message. */
    static List<String> named(String part, String name) {
        return recorded()
                .filter(event -> event.getFormattedMessage().contains(part) && event.getKeyValuePairs() != null)
                .flatMap(event -> event.getKeyValuePairs().stream())
                .filter(pair -> pair.key.equals(name))
                .map(pair -> pair.value.toString())
                .toList();
    }

    private static String stack(ILoggingEvent event) {
        return event.getThrowableProxy() == null ? "" : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
    }

    public static synchronized Berth shared() {
        if (shared == null) {
            shared = launch(
                    temporaryFolder(),
                    Map.of("BERTH_CDP_PORT", String.valueOf(freePort()), "BERTH_CDP_USER", CDP_USER));
            // No test cuts the power.
            shared.postgres("alter system set fsync = off", "select pg_reload_conf()");
            // Where only some tests run, none of them stops it.
            Runtime.getRuntime().addShutdownHook(new Thread(Berth::stopShared));
        }
        return shared;
    }

    private static int freePort() {
        try (ServerSocket any = new ServerSocket(0)) {
            return any.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops a server that several classes use, before the shared one, whose Postgres it has, stops. */
    static synchronized void stopBeforeShared(Runnable stop) {
        STOPPED_BEFORE.add(stop);
    }

    static synchronized void stopShared() {
        STOPPED_BEFORE.forEach(Runnable::run);
        STOPPED_BEFORE.clear();
        if (shared != null) {
            // Postgres itself may take five seconds to stop, in which it writes what is not written yet.
            shared.postgres("checkpoint");
            shared.stop();
            delete(shared.dataDir);
            shared = null;
            template = null;
        }
    }

    /**
     * The files that this run has left in the system's temporary folder, each with its content. Files from before come
     * from another, killed run.
     */
    static List<String> temporaryFoldersSinceStart() {
        return temporaryFolders().stream()
                .filter(folder -> !TEMPORARY_AT_START.contains(folder))
                .map(Berth::withContent)
                .toList();
    }

    private static List<Path> temporaryFolders() {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> Stream.of("berth-", "it-berth", "embedded-pg")
                            .anyMatch(file.getFileName().toString()::startsWith))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withContent(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.limit(20).map(Path::toString).collect(Collectors.joining("\n"));
        } catch (IOException | UncheckedIOException e) {
            return folder + ": " + e;
        }
    }

    static Path temporaryFolder() {
        try {
            // Passable for others: Chromes run as other users and must get to their profiles.
            return Files.createTempDirectory(
                    "it-berth", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new key of this user. */
    String keyOf(String user) {
        String key = "the-key-of-" + user + "-" + System.nanoTime();
        Database database = new Database(vertx, server.config().postgres().uri().orElseThrow(), 1);
        await(new KeyRepository(database).add(user, key).eventually(database::close));
        return key;
    }

    /** Deletes a key of the shared server. */
    void revoke(String key) {
        postgres("delete from api_keys where key_hash = sha256('" + key + "')");
    }

    /**
     * The URI of a new database in the shared server's Postgres, with this version's tables, for servers whose tests are
     * not about Postgres: another Postgres takes longer to create and start than most tests, and so do migrations.
     */
    public static synchronized String newDatabase() {
        if (template == null) {
            template = emptyDatabase();
            Database.migrate(URI.create(template));
        }
        return database(" template " + URI.create(template).getPath().substring(1));
    }

    /** The shared server's object store. */
    public static ObjectStoreConfig objectStore() {
        return shared().server.config().objectStore();
    }

    /** The URI of a new database without tables, otherwise as {@link #newDatabase}. */
    public static String emptyDatabase() {
        return database("");
    }

    private static String database(String like) {
        Berth berth = shared();
        String name = "database" + DATABASES.incrementAndGet();
        berth.postgres("create database " + name + like);
        return berth.server
                .config()
                .postgres()
                .uri()
                .orElseThrow()
                .resolve("/" + name)
                .toString();
    }

    /** Changes the shared server's database. */
    void postgres(String... statements) {
        try (Connection connection = connect(server.config().postgres().uri().orElseThrow());
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static Connection connect(URI database) throws SQLException {
        String[] account = database.getUserInfo().split(":");
        String address = database.toString().replaceFirst("//.*@", "//");
        return DriverManager.getConnection("jdbc:" + address, account[0], account[1]);
    }

    /**
     * Starts a server on a free port and without warm Chromes, with {@code settings} as its environment and a database in the shared
     * server's Postgres, which the next one with this data directory has, too.
     */
    static Berth start(Path dataDir, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.computeIfAbsent("BERTH_POSTGRES_URI", name -> DATABASES_OF.computeIfAbsent(dataDir, data -> newDatabase()));
        return startWithItsPostgres(dataDir, all);
    }

    /**
     * Starts a server whose AI tasks ask this model.
     *
     * @param more settings, as {@code NAME=value}
     */
    static Berth withModel(Path dataDir, ScriptedModelServer model, String... more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "BERTH_AI_BASE_URL", model.baseUrl().toString(),
                "BERTH_AI_API_KEY", "a-key",
                "BERTH_AI_MODEL", "scripted",
                "BERTH_AI_PRICE_INPUT", "3",
                "BERTH_AI_PRICE_OUTPUT", "15"));
        Stream.of(more).map(setting -> setting.split("=", 2)).forEach(pair -> settings.put(pair[0], pair[1]));
        return start(dataDir, settings);
    }

    /** Starts a server that embeds a Postgres, unless the settings name another. */
    static Berth startWithItsPostgres(Path dataDir, Map<String, String> settings) {
        try {
            ServerProcess.shareBinaries(dataDir);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("BERTH_POOL_SIZE", "0");
        return launch(dataDir, all);
    }

    private static Berth launch(Path dataDir, Map<String, String> settings) {
        Vertx vertx = vertx();
        try {
            Server server = await(config(vertx, dataDir, settings).compose(config -> Server.start(vertx, config)));
            return new Berth(vertx, server, new TestSite(vertx), dataDir);
        } catch (Exception e) {
            await(vertx.close());
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /**
     * An event loop that is blocked for two seconds, Vert.x's limit, fails the suite. Not for less: on a busy machine,
     * a thread that loads classes or is not scheduled was seen to stop for more than one.
     */
    private static Vertx vertx() {
        return Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setBlockedThreadCheckInterval(100)
                // Logged with a stack trace.
                .setWarningExceptionTime(VertxOptions.DEFAULT_MAX_EVENT_LOOP_EXECUTE_TIME)
                .setWarningExceptionTimeUnit(VertxOptions.DEFAULT_MAX_EVENT_LOOP_EXECUTE_TIME_UNIT));
    }

    private static Future<ServerConfig> config(Vertx vertx, Path dataDir, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(
                Map.of("BERTH_DATA_DIR", dataDir.toString(), "BERTH_HTTP_PORT", "0", "BERTH_API_KEY", KEY));
        environment.put("BERTH_HTTP_CORS_ORIGINS", TRUSTED_ORIGIN);
        // Tests leave sessions behind, which do nothing.
        environment.put("BERTH_SESSIONS_MAX", "32");
        environment.putAll(settings);
        return ConfigLoader.load(vertx, environment);
    }

    /** The main process of a session's Chrome, found in the log. */
    static ProcessHandle chromeOf(String session) {
        String id = session.substring(session.lastIndexOf('/') + 1);
        Pattern line = Pattern.compile(Pattern.quote(id) + " is running on .*, process (\\d+)");
        return recorded()
                .map(event -> line.matcher(event.getFormattedMessage()))
                .filter(Matcher::matches)
                .findFirst()
                .flatMap(found -> ProcessHandle.of(Long.parseLong(found.group(1))))
                .orElseThrow();
    }

    Api api() {
        return new Api(server.url(), KEY);
    }

    /** Stops the server; its data stays. */
    void stop() {
        await(server.close());
        await(vertx.close());
    }

    static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(
                    e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
        }
    }
}
