package dev.berth.browser.watch.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The requests of one Chrome that have not ended, and headers whose request has not been reported yet. Bounded in number and
 * memory, as a page may start any number of requests that never end: beyond a limit the oldest is given up.
 */
final class RequestsInFlight {
    static final int MAX_REQUESTS = 10_000;
    private static final int MAX_EARLY_HEADERS = 256;
    static final long MAX_BYTES = 8 << 20;

    private final Map<String, PendingRequest> requests = new LinkedHashMap<>();
    private final Map<String, KeptHeaders> early = new LinkedHashMap<>();
    private final Consumer<PendingRequest> givenUp;
    private long bytes;

    /** @param givenUp is called for each request that exceeds the limits */
    RequestsInFlight(Consumer<PendingRequest> givenUp) {
        this.givenUp = givenUp;
    }

    Optional<PendingRequest> find(String id) {
        return Optional.ofNullable(requests.get(id));
    }

    void begin(String id, PendingRequest request) {
        remove(id);
        requests.put(id, request);
        bytes += request.bytes();
        makeRoom();
    }

    /** Applies {@code step} to the request, if it is in flight. */
    void update(String id, Consumer<PendingRequest> step) {
        PendingRequest request = requests.get(id);
        if (request != null) {
            bytes -= request.bytes();
            try {
                step.accept(request);
            } finally {
                bytes += request.bytes();
            }
            makeRoom();
        }
    }

    Optional<PendingRequest> remove(String id) {
        Optional<PendingRequest> removed = Optional.ofNullable(requests.remove(id));
        removed.ifPresent(request -> bytes -= request.bytes());
        return removed;
    }

    List<String> ids(Predicate<PendingRequest> which) {
        return requests.entrySet().stream()
                .filter(entry -> which.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Bounded, as the request of some headers never comes: its target was not watched. */
    void keepEarly(String id, KeptHeaders headers) {
        takeEarly(id);
        early.put(id, headers);
        bytes += headers.bytes();
        if (early.size() > MAX_EARLY_HEADERS) {
            takeEarly(oldest(early));
        }
        makeRoom();
    }

    Optional<KeptHeaders> takeEarly(String id) {
        Optional<KeptHeaders> taken = Optional.ofNullable(early.remove(id));
        taken.ifPresent(headers -> bytes -= headers.bytes());
        return taken;
    }

    private void makeRoom() {
        while (requests.size() > MAX_REQUESTS || bytes > MAX_BYTES && !requests.isEmpty()) {
            remove(oldest(requests)).ifPresent(givenUp);
        }
    }

    private static String oldest(Map<String, ?> map) {
        return map.keySet().iterator().next();
    }

    long bytes() {
        return bytes;
    }
}
