package dev.berth.database;

import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.limits.FairQueue;
import dev.berth.metrics.CallTimes;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The connection pool and the schema. Built once, by {@code Server}, and held. Each statement and each transaction has a deadline; if
 * Postgres does not answer or can't write, the failure says so. Whether a statement that timed out takes effect is unknown: it may still,
 * later. Thread-safe.
 */
public final class Database extends Statements {
    /** Timeout of a query, the wait for a connection included. */
    private static final long QUERY_MILLIS = 5_000;

    /** How long work waits that needs a lock of its user: as long as its client does. */
    private static final long PATIENCE_MILLIS = 4_000;

    /** A long transaction may take as long as this many queries. */
    private static final int LONG_QUERIES = 4;

    /**
     * SQLSTATE classes: connection lost, rolled back because of others (also a deadlock), out of resources (also a full disk), a lock
     * that was not to be had in time, shut down or starting, system error.
     */
    private static final Set<String> OUTAGE_CLASSES = Set.of("08", "40", "53", "55", "57", "58");
    /** States of a standby that has not been promoted yet, and of a transaction that was left open for too long. */
    private static final Set<String> OUTAGE_STATES = Set.of("25006", "25P03");

    /** The state of an insert whose row refers to one that was deleted at the same time. */
    private static final String ORPHAN = "23503";

    private static final String UNDEFINED_TABLE = "42P01";
    private static final int CONNECT_MILLIS = 3_000;
    /** How long a vanished peer may leave data unacknowledged before the kernel closes the connection. */
    private static final int LOST_MILLIS = 10_000;

    private static final int IDLE_SECONDS = 60;
    /** Limit for waiting queries: more than Postgres does in the second or two that a client likes to wait; the next one fails at once. */
    public static final int MAX_WAITING = 2_000;

    /**
     * Limits that Postgres itself enforces. A statement that needs longer sets its own timeout, in its transaction. A process that stands
     * still, or whose machine is gone, lets go of its rows long before it is declared lost; and who waits for a row that is held holds a
     * connection for less than the timeout of a query. The connections of migrations, which may take longer, are not made here.
     */
    private static final Map<String, String> LIMITS = Map.of(
            "idle_in_transaction_session_timeout", "3s",
            "lock_timeout", "2s",
            // A statement that nobody waits for any more gives back its connection.
            "statement_timeout", QUERY_MILLIS + "ms",
            "tcp_keepalives_idle", "10",
            "tcp_keepalives_interval", "5",
            "tcp_keepalives_count", "3",
            "tcp_user_timeout", String.valueOf(LOST_MILLIS));

    private final PgConnectOptions connect;
    private final Pool pool;
    private final long queryMillis;
    private final CallTimes calls;

    public Database(Vertx vertx, URI uri, int poolSize) {
        this(vertx, uri, poolSize, CallTimes.unseen());
    }

    /** @param calls counts queries and transactions */
    public Database(Vertx vertx, URI uri, int poolSize, CallTimes calls) {
        this(vertx, connect(uri), new PoolOptions().setMaxSize(poolSize), QUERY_MILLIS, calls);
    }

    /**
     * For a node's heartbeat: a pool that gives back the connections which it needed while Postgres did not answer.
     *
     * @param queryMillis timeout of a query, the wait for a connection included
     */
    public static Database forHeartbeat(Vertx vertx, URI uri, int poolSize, long queryMillis) {
        PoolOptions size = new PoolOptions().setMaxSize(poolSize).setIdleTimeout(IDLE_SECONDS);
        return new Database(vertx, connect(uri), size, queryMillis, CallTimes.unseen());
    }

    private Database(Vertx vertx, PgConnectOptions connect, PoolOptions size, long queryMillis, CallTimes calls) {
        this(connect, pool(vertx, connect, size), queryMillis, calls);
    }

    private Database(PgConnectOptions connect, Pool pool, long queryMillis, CallTimes calls) {
        super(pool);
        this.connect = connect;
        this.pool = pool;
        this.queryMillis = queryMillis;
        this.calls = calls;
    }

    private static PgConnectOptions connect(URI uri) {
        return limited(PgConnectOptions.fromUri(uri.toString())
                .setCachePreparedStatements(true)
                .setPipeliningLimit(16));
    }

    private static Pool pool(Vertx vertx, PgConnectOptions connect, PoolOptions size) {
        NetClientOptions tcp = new NetClientOptions().setConnectTimeout(CONNECT_MILLIS);
        tcp.setTcpUserTimeout(LOST_MILLIS);
        return PgBuilder.pool()
                .using(vertx)
                .connectingTo(connect)
                .with(tcp)
                .with(size.setConnectionTimeout(5).setMaxWaitQueueSize(MAX_WAITING))
                .build();
    }

    @Override
    public <T> Future<T> inTime(Future<T> answer) {
        return inTime(CallTimes.QUERY, answer, queryMillis);
    }

    /** A transaction whose caller is a request: it has as long as one query, so that each request is told in the same time. */
    public <T> Future<T> transaction(Function<Statements, Future<T>> work) {
        return transaction(work, queryMillis);
    }

    /** A transaction about many rows, whose statements may set timeouts of their own. */
    public <T> Future<T> longTransaction(Function<Statements, Future<T>> work) {
        return transaction(work, LONG_QUERIES * queryMillis);
    }

    private <T> Future<T> transaction(Function<Statements, Future<T>> work, long millis) {
        return inTime(
                CallTimes.TRANSACTION,
                pool.withTransaction(connection -> work.apply(new Statements(connection))),
                millis);
    }

    private <T> Future<T> inTime(String operation, Future<T> answer, long millis) {
        return calls.measured(
                operation, answer.timeout(millis, TimeUnit.MILLISECONDS).recover(Database::tell));
    }

    /** The failure for the caller. */
    private static <T> Future<T> tell(Throwable e) {
        if (e instanceof ConnectionPoolTooBusyException) {
            return Future.failedFuture(new BerthException(
                    ErrorCode.UNAVAILABLE, "too many requests wait for Postgres; try again in a moment", e));
        }
        if (e instanceof PgException refused && ORPHAN.equals(refused.getSqlState())) {
            return Future.failedFuture(new BerthException(
                    ErrorCode.NOT_FOUND,
                    "the session, key or user of this request has been removed in the meantime",
                    e));
        }
        return Future.failedFuture(
                isOutage(e)
                        ? new BerthException(
                                ErrorCode.UNAVAILABLE, "Postgres is not responding properly at the moment", e)
                        : e);
    }

    private static boolean isOutage(Throwable e) {
        if (e instanceof PgException refused) {
            String state = String.valueOf(refused.getSqlState());
            return OUTAGE_STATES.contains(state)
                    || state.length() == 5 && OUTAGE_CLASSES.contains(state.substring(0, 2));
        }
        // Failures of the pool: no connection in time, a lost one, or a closed one.
        return e instanceof IOException || e instanceof TimeoutException || e instanceof VertxException;
    }

    /** The options with these limits; a value that the URI sets has precedence. */
    private static PgConnectOptions limited(PgConnectOptions options) {
        Map<String, String> set = options.getProperties();
        LIMITS.forEach((name, value) -> {
            if (!set.containsKey(name)) {
                options.addProperty(name, value);
            }
        });
        return options;
    }

    /**
     * For work that needs a lock of a user, one after the other: so, whichever process has the lock, a user takes one connection of this
     * node at most.
     */
    public static FairQueue<Long> ofUsers() {
        BerthException late = new BerthException(
                ErrorCode.UNAVAILABLE, "Postgres is busy with earlier requests of this key; try again in a moment");
        return new FairQueue<>(
                Integer.MAX_VALUE,
                1,
                new CountLimit<>(new Bound(1_000, late)),
                new FairQueue.Patience(PATIENCE_MILLIS, late));
    }

    /** The version of the newest file in {@code db/migration}. */
    static final int NEWEST_MIGRATION = 35;

    private static final String NEWEST_APPLIED =
            "select version, success from flyway_schema_history order by installed_rank desc limit 1";

    /**
     * Whether the schema has this version or a newer one, by one query; false if there is none yet. If so, start-up need not load
     * Flyway. A newer one is that of the next version, whose nodes may run beside this one.
     */
    public Future<Boolean> isCurrent() {
        return first(NEWEST_APPLIED, row -> Integer.parseInt(row.getString(0)) >= NEWEST_MIGRATION && row.getBoolean(1))
                .map(current -> current.orElse(false))
                .recover(e -> e instanceof PgException refused
                                && refused.getSqlState().equals(UNDEFINED_TABLE)
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(e));
    }

    /** The message that a migration raises for the operator who starts Berth. */
    private static final String RAISED = "P0001";

    /**
     * Migrates the schema to this version. Fails with {@link ErrorCode#CONFLICT} where a migration says why it can't be done now. Blocks:
     * call it from a worker.
     */
    public static void migrate(URI uri) {
        PgConnectOptions connect = PgConnectOptions.fromUri(uri.toString());
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        Flyway flyway = Flyway.configure(Database.class.getClassLoader())
                // Flyway's own default folder may have migrations of a user of the library.
                .locations("classpath:dev/berth/db/migration")
                // Otherwise it writes to the console where SLF4J has no provider.
                .loggers("slf4j")
                .dataSource(
                        "jdbc:postgresql://" + uri.getHost() + ":" + connect.getPort() + uri.getRawPath() + query,
                        connect.getUser(),
                        connect.getPassword())
                .load();
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            throw raised(e)
                    .<RuntimeException>map(why -> new BerthException(ErrorCode.CONFLICT, why, e))
                    .orElse(e);
        }
    }

    private static Optional<String> raised(Throwable e) {
        return e instanceof SQLException known && RAISED.equals(known.getSQLState())
                ? e.getMessage().lines().findFirst().map(line -> line.replaceFirst("^ERROR: ", ""))
                : Optional.ofNullable(e.getCause()).flatMap(Database::raised);
    }

    /** For statements of others than the repositories, without the deadline. */
    public Pool pool() {
        return pool;
    }

    /** For a connection outside the pool, without the timeouts of queries. */
    public PgConnectOptions connectOptions() {
        return new PgConnectOptions(connect);
    }

    private static final String CHECK = """
            insert into node_checks (machine_id, checked_at) values ($1, now())
            on conflict (machine_id) do update set checked_at = now()
            """;

    /** Fails if Postgres does not answer or can't commit: with a full disk, or as a standby, it can still read. */
    public Future<Void> check(String machineId) {
        return rows(CHECK, machineId).mapEmpty();
    }

    public Future<Void> close() {
        return pool.close();
    }
}
