package dev.berth.config;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Limits and defaults of sessions.
 *
 * @param max how many sessions this node runs at the same time
 * @param maxReason why so many, in words
 * @param maxPerKey how many of them one user may have, by all keys together
 * @param queueMax how many more may wait for a place
 * @param queueTimeoutMillis how long a session waits for a place
 * @param idleTimeoutMillis default for {@code options.timeouts.idle}
 * @param lifetimeMillis default for {@code options.timeouts.lifetime}
 * @param reconnectMillis default for {@code options.timeouts.reconnect}
 * @param maxLifetimeMillis the largest lifetime that a client may ask for
 * @param pricePerHour US dollars per hour of browser time
 * @param drainSeconds how long sessions may go on when the node is drained or shut down
 * @param trafficMib how much each may send and receive; 0 for any amount
 */
public record SessionsConfig(
        int max,
        String maxReason,
        int maxPerKey,
        int queueMax,
        long queueTimeoutMillis,
        long idleTimeoutMillis,
        long lifetimeMillis,
        long reconnectMillis,
        long maxLifetimeMillis,
        double pricePerHour,
        long drainSeconds,
        int trafficMib) {
    private static final long HOUR_MILLIS = 3_600_000;

    static SessionsConfig read(Settings settings) {
        Places fitting = Places.ofThisMachine();
        int max = settings.integer("sessions.max", fitting.max(), 1, 10_000);
        boolean isSet = settings.text("sessions.max").isPresent();
        long longest = settings.number("sessions.max-lifetime-millis", 24 * HOUR_MILLIS, 1_000, 30L * 24 * HOUR_MILLIS);
        return new SessionsConfig(
                max,
                isSet ? "as set in BERTH_SESSIONS_MAX" : fitting.reason(),
                settings.integer("sessions.max-per-key", 1_000_000, 1, 1_000_000),
                settings.integer("sessions.queue-max", max, 0, 10_000),
                settings.number("sessions.queue-timeout-millis", 60_000, 100, HOUR_MILLIS),
                settings.number("sessions.idle-timeout-millis", 600_000, 1_000, longest),
                settings.number("sessions.lifetime-millis", HOUR_MILLIS, 1_000, longest),
                settings.number("sessions.reconnect-millis", 30_000, 0, longest),
                longest,
                settings.decimal("price-per-hour", 0),
                settings.number("drain-seconds", 0, 0, 86_400),
                settings.integer("session.traffic-mib", 0, 0, 1 << 30));
    }

    /**
     * How many active sessions fit on a machine with a quarter of its processors and memory left free: eight for a processor and ten for a
     * GiB fill both, by the benchmark that the docs show as Sizing.
     *
     * @param reason why so many, in words
     */
    record Places(int max, String reason) {
        private static final int FOR_A_PROCESSOR = 6;
        private static final double FOR_A_GIB = 7.5;
        /** Memory of the server and an embedded Postgres. */
        private static final long SERVER_MIB = 200;

        static Places of(int processors, long memoryMib) {
            long byProcessors = (long) FOR_A_PROCESSOR * processors;
            long byMemory = (long) (Math.max(0, memoryMib - SERVER_MIB) * FOR_A_GIB / 1024);
            return byProcessors <= byMemory
                    ? new Places(atLeastOne(byProcessors), FOR_A_PROCESSOR + " per processor, on " + processors)
                    : new Places(atLeastOne(byMemory), "as many as fit into " + memoryMib + " MiB of memory");
        }

        private static int atLeastOne(long places) {
            return (int) Math.max(1, Math.min(10_000, places));
        }

        private static Places ofThisMachine() {
            var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return of(Runtime.getRuntime().availableProcessors(), system.getTotalMemorySize() >> 20);
        }
    }

    public SessionsConfig {
        if (!(pricePerHour >= 0 && pricePerHour < 1_000_000)) {
            throw new ConfigException("price-per-hour", "must be a price in US dollars, 0 or more");
        }
    }
}
