package dev.berth.cluster;

import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that a node tells the others of itself.
 *
 * @param bus where its event bus listens
 * @param listeners by their addresses
 */
record Registrations(Optional<NodeInfo> bus, Map<String, List<RegistrationInfo>> listeners) {
    static final Registrations NOTHING = new Registrations(Optional.empty(), Map.of());

    static JsonObject write(Optional<NodeInfo> bus, Map<String, Set<RegistrationInfo>> listeners) {
        JsonObject all = new JsonObject();
        listeners.forEach((address, infos) -> {
            List<Long> shared = infos.stream()
                    .filter(info -> !info.localOnly())
                    .map(RegistrationInfo::seq)
                    .toList();
            if (!shared.isEmpty()) {
                all.put(address, shared);
            }
        });
        JsonObject json = new JsonObject().put("listeners", all);
        bus.ifPresent(at -> json.put("host", at.host()).put("port", at.port()));
        return json;
    }

    static Registrations read(String nodeId, JsonObject json) {
        Map<String, List<RegistrationInfo>> listeners = new HashMap<>();
        JsonObject all = json.getJsonObject("listeners");
        all.fieldNames()
                .forEach(address -> listeners.put(
                        address,
                        all.getJsonArray(address).stream()
                                .map(seq -> new RegistrationInfo(nodeId, ((Number) seq).longValue(), false))
                                .toList()));
        return new Registrations(
                Optional.ofNullable(json.getString("host"))
                        .map(host -> new NodeInfo(host, json.getInteger("port"), new JsonObject())),
                listeners);
    }

    List<RegistrationInfo> at(String address) {
        return listeners.getOrDefault(address, List.of());
    }
}
