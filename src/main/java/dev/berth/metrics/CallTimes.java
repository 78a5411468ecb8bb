package dev.berth.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How long another server takes to answer, and how often it fails. For any thread. */
public final class CallTimes {
    /** The operations of Postgres: a single query, and a transaction of several. */
    public static final String QUERY = "query";

    public static final String TRANSACTION = "transaction";

    /** The operations of the object store, by its kinds of requests. */
    public static final String GET = "get";

    public static final String PUT = "put";
    public static final String DELETE = "delete";
    public static final String BUCKET = "bucket";

    private final Map<String, Timer> times;
    private final Map<String, Counter> errors;

    private CallTimes(Meters meters, String server, String name, Set<String> operations) {
        times = each(
                operations,
                operation -> meters.timer(
                        "berth." + server + ".request",
                        "Time that " + name + " took to answer, including failed requests.",
                        Meters.SHORT,
                        "operation",
                        operation));
        errors = each(
                operations,
                operation -> meters.counter(
                        "berth." + server + ".errors",
                        "Requests to " + name + " that failed or timed out.",
                        "",
                        "operation",
                        operation));
    }

    private static <T> Map<String, T> each(Set<String> operations, Function<String, T> made) {
        return operations.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), made));
    }

    static CallTimes ofPostgres(Meters meters) {
        return new CallTimes(meters, "postgres", "Postgres", Set.of(QUERY, TRANSACTION));
    }

    static CallTimes ofObjectStore(Meters meters) {
        return new CallTimes(meters, "s3", "the object store", Set.of(GET, PUT, DELETE, BUCKET));
    }

    /** For calls that nobody asks about. */
    public static CallTimes unseen() {
        return new CallTimes(
                new Meters(new CompositeMeterRegistry()),
                "unseen",
                "it",
                Set.of(QUERY, TRANSACTION, GET, PUT, DELETE, BUCKET));
    }

    /** Counts a call that has just begun. */
    public <T> Future<T> measured(String operation, Future<T> call) {
        long begunNanos = System.nanoTime();
        return call.onComplete(done -> {
            times.get(operation).record(System.nanoTime() - begunNanos, TimeUnit.NANOSECONDS);
            if (done.failed()) {
                errors.get(operation).increment();
            }
        });
    }
}
