package dev.berth.session.machine;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The CDP clients of a session, on whichever node their sockets are. A value.
 *
 * @param seenNanos when each client last sent something
 * @param claims the pages whose dialogs each client answers itself
 */
public record CdpClients(Map<String, Long> seenNanos, Map<String, Set<String>> claims) {
    static final CdpClients NONE = new CdpClients(Map.of(), Map.of());

    public CdpClients {
        seenNanos = Map.copyOf(seenNanos);
        claims = Map.copyOf(claims);
    }

    int count() {
        return seenNanos.size();
    }

    boolean has(String clientId) {
        return seenNanos.containsKey(clientId);
    }

    CdpClients seen(String clientId, long nanos) {
        Map<String, Long> more = new HashMap<>(seenNanos);
        more.put(clientId, nanos);
        return new CdpClients(more, claims);
    }

    CdpClients claimed(String clientId, Set<String> pageIds) {
        Map<String, Set<String>> more = new HashMap<>(claims);
        more.put(clientId, Set.copyOf(pageIds));
        return new CdpClients(seenNanos, more);
    }

    CdpClients without(String clientId) {
        Map<String, Long> fewer = new HashMap<>(seenNanos);
        Map<String, Set<String>> fewerClaims = new HashMap<>(claims);
        fewer.remove(clientId);
        fewerClaims.remove(clientId);
        return new CdpClients(fewer, fewerClaims);
    }

    /** The pages whose dialogs are claimed by any client. */
    Set<String> claimedPages() {
        return claims.values().stream().flatMap(Collection::stream).collect(Collectors.toUnmodifiableSet());
    }

    /** The clients that have been silent longer than their lease. */
    List<String> silent(Moment now, long leaseMillis) {
        return seenNanos.keySet().stream()
                .filter(client -> now.millisSince(seenNanos.get(client)) > leaseMillis)
                .sorted()
                .toList();
    }
}
