package dev.berth.cluster;

import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which nodes listen on which addresses of the event bus, as far as this node has heard. Thread-safe. */
final class Registrations {
    private final ConcurrentNavigableMap<String, Entry> entries = new ConcurrentSkipListMap<>();

    /**
     * @param locals how many listeners are there that only this JVM sends to
     * @param local one of them, which stands for all
     * @param shared the others, of this node and of all others
     */
    private record Entry(int locals, Optional<RegistrationInfo> local, List<RegistrationInfo> shared) {
        private static final Entry NONE = new Entry(0, Optional.empty(), List.of());

        Entry with(RegistrationInfo added) {
            if (added.localOnly()) {
                return new Entry(locals + 1, Optional.of(added), shared);
            }
            Set<RegistrationInfo> all = new LinkedHashSet<>(shared);
            all.add(added);
            return new Entry(locals, local, List.copyOf(all));
        }

        Entry without(RegistrationInfo removed) {
            if (removed.localOnly()) {
                return locals == 1 ? new Entry(0, Optional.empty(), shared) : new Entry(locals - 1, local, shared);
            }
            return new Entry(
                    locals,
                    local,
                    shared.stream().filter(info -> !info.equals(removed)).toList());
        }

        boolean isEmpty() {
            return locals == 0 && shared.isEmpty();
        }

        List<RegistrationInfo> all() {
            return Stream.concat(shared.stream(), local.stream()).toList();
        }
    }

    List<RegistrationInfo> of(String address) {
        return entries.getOrDefault(address, Entry.NONE).all();
    }

    /** What follows {@code prefix} in the addresses that nodes share; looks at no others. */
    Set<String> sharedBelow(String prefix) {
        return entries.tailMap(prefix).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .filter(entry -> !entry.getValue().shared().isEmpty())
                .map(entry -> entry.getKey().substring(prefix.length()))
                .collect(Collectors.toSet());
    }

    void add(String address, RegistrationInfo added) {
        entries.compute(address, (key, entry) -> (entry == null ? Entry.NONE : entry).with(added));
    }

    void remove(String address, RegistrationInfo removed) {
        entries.computeIfPresent(address, (key, entry) -> {
            Entry left = entry.without(removed);
            return left.isEmpty() ? null : left;
        });
    }

    /** What a node has that other nodes may send to. */
    List<MeshMessage.Listener> sharedBy(String nodeId) {
        return entries.entrySet().stream()
                .flatMap(entry -> entry.getValue().shared().stream()
                        .filter(info -> info.nodeId().equals(nodeId))
                        .map(info -> new MeshMessage.Listener(entry.getKey(), info.seq())))
                .toList();
    }
}
