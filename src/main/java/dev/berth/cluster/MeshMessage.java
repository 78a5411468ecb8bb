package dev.berth.cluster;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What nodes say to one another on the links of the {@link Mesh}. Who dials says {@link Hello}, hears {@link Welcome}, and
 * from then on says {@link News}, each of which is answered by an {@link Ack}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = MeshMessage.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = MeshMessage.Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = MeshMessage.Welcome.class, name = "welcome"),
    @JsonSubTypes.Type(value = MeshMessage.News.class, name = "news"),
    @JsonSubTypes.Type(value = MeshMessage.Ack.class, name = "ack")
})
sealed interface MeshMessage {
    /**
     * @param nodeId of who dials; another one for each start of a server
     * @param host where it can be dialed itself
     * @param port where it can be dialed itself
     */
    record Hello(String nodeId, String host, int port) implements MeshMessage {
        public Hello {
            Objects.requireNonNull(nodeId);
            Objects.requireNonNull(host);
        }
    }

    /** @param nodeId of who was dialed */
    record Welcome(String nodeId) implements MeshMessage {
        public Welcome {
            Objects.requireNonNull(nodeId);
        }
    }

    /**
     * What has changed at who says it. The first ones on a link tell everything, which may take several.
     *
     * @param bus where its event bus listens, once it does
     * @param peers where other nodes that it hears can be dialed, {@code host:port}
     * @param complete whether everything has been told
     * @param leaving whether it leaves the cluster
     */
    record News(
            List<Listener> added,
            List<Listener> removed,
            Optional<Bus> bus,
            List<String> peers,
            boolean complete,
            boolean leaving)
            implements MeshMessage {
        private static final int BATCH = 500;

        static final News COMPLETE = new News(List.of(), List.of(), Optional.empty(), List.of(), true, false);
        static final News LEAVING = new News(List.of(), List.of(), Optional.empty(), List.of(), true, true);

        public News {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
            Objects.requireNonNull(bus);
            peers = List.copyOf(peers);
        }

        static Stream<News> batches(List<Listener> listeners) {
            return IntStream.iterate(0, from -> from < listeners.size(), from -> from + BATCH)
                    .mapToObj(from -> added(listeners.subList(from, Math.min(listeners.size(), from + BATCH))));
        }

        static News added(List<Listener> listeners) {
            return new News(listeners, List.of(), Optional.empty(), List.of(), false, false);
        }

        static News removed(Listener listener) {
            return new News(List.of(), List.of(listener), Optional.empty(), List.of(), false, false);
        }

        static News of(Bus bus) {
            return new News(List.of(), List.of(), Optional.of(bus), List.of(), false, false);
        }

        /** Says nothing new but who else is there: a sign of life. */
        static News alive(List<String> peers) {
            return new News(List.of(), List.of(), Optional.empty(), peers, false, false);
        }
    }

    record Ack() implements MeshMessage {}

    /** What only a newer version says. It is not answered. */
    record Unknown() implements MeshMessage {}

    /** A listener on an address of the event bus. */
    record Listener(String address, long seq) {
        public Listener {
            Objects.requireNonNull(address);
        }

        RegistrationInfo of(String nodeId) {
            return new RegistrationInfo(nodeId, seq, false);
        }
    }

    /** Where a node's event bus listens. */
    record Bus(String host, int port, Map<String, Object> metadata) {
        public Bus {
            Objects.requireNonNull(host);
            metadata = Map.copyOf(metadata);
        }
    }
}
