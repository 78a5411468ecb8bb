package dev.berth.session.machine;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The CDP clients of a session. A value.
 *
 * @param ids of the clients that have not left
 * @param claims the pages whose dialogs each client answers itself
 */
public record CdpClients(Set<String> ids, Map<String, Set<String>> claims) {
    static final CdpClients NONE = new CdpClients(Set.of(), Map.of());

    public CdpClients {
        ids = Set.copyOf(ids);
        claims = Map.copyOf(claims);
    }

    int count() {
        return ids.size();
    }

    boolean has(String clientId) {
        return ids.contains(clientId);
    }

    CdpClients with(String clientId) {
        Set<String> more = new HashSet<>(ids);
        more.add(clientId);
        return new CdpClients(more, claims);
    }

    CdpClients claimed(String clientId, Set<String> pageIds) {
        Map<String, Set<String>> more = new HashMap<>(claims);
        more.put(clientId, Set.copyOf(pageIds));
        return new CdpClients(ids, more);
    }

    CdpClients without(String clientId) {
        Set<String> fewer = new HashSet<>(ids);
        Map<String, Set<String>> fewerClaims = new HashMap<>(claims);
        fewer.remove(clientId);
        fewerClaims.remove(clientId);
        return new CdpClients(fewer, fewerClaims);
    }

    /** The pages whose dialogs are claimed by any client. */
    Set<String> claimedPages() {
        return claims.values().stream().flatMap(Collection::stream).collect(Collectors.toUnmodifiableSet());
    }
}
