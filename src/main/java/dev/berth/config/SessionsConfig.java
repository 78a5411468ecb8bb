package dev.berth.config;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Limits and defaults of sessions.
 *
 * @param max how many sessions this node runs at the same time
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
        int max = settings.integer("sessions.max", defaultMax(), 1, 10_000);
        long longest = settings.number("sessions.max-lifetime-millis", 24 * HOUR_MILLIS, 1_000, 30L * 24 * HOUR_MILLIS);
        return new SessionsConfig(
                max,
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

    /** 16 browsers per core, and 256 MiB of memory per browser after 1 GiB for everything else. */
    private static int defaultMax() {
        int cores = Runtime.getRuntime().availableProcessors();
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long byMemory = ((system.getTotalMemorySize() >> 20) - 1_024) / 256;
        return (int) Math.max(1, Math.min(16L * cores, byMemory));
    }

    public SessionsConfig {
        if (!(pricePerHour >= 0 && pricePerHour < 1_000_000)) {
            throw new ConfigException("price-per-hour", "must be a price in US dollars, 0 or more");
        }
    }
}
