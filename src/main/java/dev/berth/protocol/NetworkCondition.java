package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How good the network of pages is; the slow ones are those of Chrome's developer tools. */
public enum NetworkCondition {
    ONLINE(0, -1, -1),
    OFFLINE(0, 0, 0),
    SLOW_3G(2_000, 50_000, 50_000),
    SLOW_4G(562.5, 180_000, 84_375),
    FAST_4G(165, 1_012_500, 168_750);

    private final double latencyMillis;
    private final int downBytesPerSecond;
    private final int upBytesPerSecond;

    NetworkCondition(double latencyMillis, int downBytesPerSecond, int upBytesPerSecond) {
        this.latencyMillis = latencyMillis;
        this.downBytesPerSecond = downBytesPerSecond;
        this.upBytesPerSecond = upBytesPerSecond;
    }

    /** Is added to each request. */
    public double latencyMillis() {
        return latencyMillis;
    }

    /** -1 for no limit. */
    public int downBytesPerSecond() {
        return downBytesPerSecond;
    }

    /** -1 for no limit. */
    public int upBytesPerSecond() {
        return upBytesPerSecond;
    }

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
