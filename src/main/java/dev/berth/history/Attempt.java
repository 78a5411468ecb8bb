package dev.berth.history;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How an attempt of a delivery ended.
 *
 * @param status of the answer, if there was one
 * @param error empty where it was delivered
 * @param retryMillis after which time to try again; empty where it was delivered, or has failed for good
 */
public record Attempt(Optional<Integer> status, Optional<String> error, long durationMillis, OptionalLong retryMillis) {
    public String state() {
        return error.isEmpty() ? "delivered" : retryMillis.isPresent() ? "pending" : "failed";
    }
}
