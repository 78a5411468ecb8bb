package dev.berth.access;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Limits of an API key, for all nodes together. A limit that is absent does not hold.
 *
 * @param sessions at the same time, those that wait for a place counted
 * @param createsPerMinute sessions that may be created within a minute
 * @param storedMib what is kept of the key's sessions in the object store
 * @param trafficMibPerMonth what its sessions send and receive within a calendar month in UTC
 * @param aiUsdPerMonth what its AI tasks cost within a calendar month in UTC
 */
@JsonInclude(Include.NON_ABSENT)
public record KeyLimits(
        Optional<Integer> sessions,
        Optional<Integer> createsPerMinute,
        Optional<Integer> requestsPerSecond,
        Optional<Long> storedMib,
        Optional<Long> trafficMibPerMonth,
        Optional<Double> aiUsdPerMonth) {
    public static final KeyLimits NONE = new KeyLimits(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final int MOST = 1_000_000;
    private static final long MOST_OF_A_MONTH = 1_000_000_000;

    public KeyLimits {
        check("sessions", sessions, 0, MOST);
        check("createsPerMinute", createsPerMinute, 0, MOST);
        check("requestsPerSecond", requestsPerSecond, 1, MOST);
        check("storedMib", storedMib, 0, MOST_OF_A_MONTH);
        check("trafficMibPerMonth", trafficMibPerMonth, 0, MOST_OF_A_MONTH);
        check("aiUsdPerMonth", aiUsdPerMonth, 0, MOST_OF_A_MONTH);
    }

    /** The limits in a JSON object that the contract's check has passed, or that comes from Postgres. */
    public static KeyLimits of(JsonObject json) {
        return new KeyLimits(
                Optional.ofNullable(json.getInteger("sessions")),
                Optional.ofNullable(json.getInteger("createsPerMinute")),
                Optional.ofNullable(json.getInteger("requestsPerSecond")),
                Optional.ofNullable(json.getLong("storedMib")),
                Optional.ofNullable(json.getLong("trafficMibPerMonth")),
                Optional.ofNullable(json.getDouble("aiUsdPerMonth")));
    }

    private static void check(String name, Optional<? extends Number> limit, long least, long most) {
        limit.map(Number::doubleValue)
                .filter(value -> !(value >= least && value <= most))
                .ifPresent(wrong -> {
                    throw new BerthException(
                            ErrorCode.INVALID_ARGUMENT, "limits." + name + ": must be from " + least + " to " + most);
                });
    }

    @JsonIgnore
    public boolean isEmpty() {
        return equals(NONE);
    }
}
