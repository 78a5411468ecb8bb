package dev.berth.cluster;

import dev.berth.cluster.MeshMessage.Ack;
import dev.berth.cluster.MeshMessage.Bus;
import dev.berth.cluster.MeshMessage.Hello;
import dev.berth.cluster.MeshMessage.Listener;
import dev.berth.cluster.MeshMessage.News;
import dev.berth.cluster.MeshMessage.Unknown;
import dev.berth.cluster.MeshMessage.Welcome;
import io.vertx.core.net.NetSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a node says of itself on a link that it dialed. Runs on the mesh's context. */
final class Incoming {
    /** Who hears of it. */
    interface Hearer {
        /** A node said its name; nothing else is known of it yet. */
        void greeted(Hello hello);

        /** From now on this link speaks for its node. */
        void complete(Incoming link);

        void changed(Incoming link, News news);

        void peers(List<String> peers);

        /** The link is no more. */
        void over(Incoming link);
    }

    private final NetSocket socket;
    private final String ownId;
    private final Hearer hearer;
    private final Set<Listener> listeners = new HashSet<>();
    private Optional<Hello> hello = Optional.empty();
    private volatile Optional<Bus> bus = Optional.empty();
    private boolean complete;
    private boolean left;
    private long heardAt = System.nanoTime();

    Incoming(NetSocket socket, String ownId, Hearer hearer) {
        this.socket = socket;
        this.ownId = ownId;
        this.hearer = hearer;
    }

    void read() {
        // What broke it does not matter: it is dialed again.
        socket.exceptionHandler(e -> socket.close());
        socket.closeHandler(closed -> hearer.over(this));
        Frames.read(socket, this::receive);
    }

    /** Throws at what no node says. */
    private void receive(MeshMessage message) {
        heardAt = System.nanoTime();
        if (message instanceof Hello said && hello.isEmpty()) {
            hello = Optional.of(said);
            Frames.write(socket, new Welcome(ownId));
            if (!said.nodeId().equals(ownId)) {
                hearer.greeted(said);
            }
        } else if (message instanceof News news && hello.isPresent()) {
            receive(news);
            Frames.write(socket, new Ack());
        } else if (!(message instanceof Unknown && hello.isPresent())) {
            throw new IllegalStateException("not the turn of " + message);
        }
    }

    private void receive(News news) {
        listeners.addAll(news.added());
        news.removed().forEach(listeners::remove);
        bus = news.bus().or(() -> bus);
        left |= news.leaving();
        if (complete) {
            hearer.changed(this, news);
        } else if (news.complete()) {
            complete = true;
            hearer.complete(this);
        }
        hearer.peers(news.peers());
    }

    /** Only of a link that was greeted. */
    String nodeId() {
        return hello.orElseThrow().nodeId();
    }

    /** Where its node can be dialed. */
    String address() {
        return Members.text(hello.orElseThrow().host(), hello.orElseThrow().port());
    }

    boolean isComplete() {
        return complete;
    }

    /** Whether its node said good-bye. */
    boolean hasLeft() {
        return left;
    }

    Set<Listener> listeners() {
        return listeners;
    }

    Optional<Bus> bus() {
        return bus;
    }

    /** Breaks the link if nothing was heard for so long. */
    void breakIfSilent(long nanos) {
        if (System.nanoTime() - heardAt > nanos) {
            close();
        }
    }

    void close() {
        socket.close();
    }
}
