package dev.berth.it;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The way to a server, which can be cut, stand still, or lose an answer. */
final class FaultyProxy {
    private final NetServer server;
    private final NetClient client;
    private final String host;
    private final int usual;
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile int target;
    private volatile boolean frozen;
    private volatile Optional<String> unanswered = Optional.empty();

    FaultyProxy(Vertx vertx, URI to) {
        this(vertx, "127.0.0.1", to.getHost(), to.getPort());
    }

    /** @param target the port that it leads to; 0: none */
    FaultyProxy(Vertx vertx, String at, String host, int target) {
        this.host = host;
        this.usual = target;
        this.target = target;
        client = vertx.createNetClient();
        server =
                Berth.await(vertx.createNetServer().connectHandler(this::accept).listen(0, at));
    }

    int port() {
        return server.actualPort();
    }

    /** The address of the server with this proxy in its place. */
    String inPlaceOf(URI address) {
        return address.toString().replace(":" + address.getPort(), ":" + port());
    }

    /** The port that it leads to; 0: none. */
    int target() {
        return target;
    }

    /** Ends all connections. Those that come are led to this port, or, if it is 0, end too. */
    void leadTo(int port) {
        target = port;
        Berth.await(Future.join(sockets.stream().map(NetSocket::close).toList()).otherwiseEmpty());
    }

    void cut() {
        leadTo(0);
    }

    /** Connections stay, and nothing passes. */
    void freeze() {
        frozen = true;
        sockets.forEach(NetSocket::pause);
    }

    /** All is as at the beginning; what was said while it was frozen passes. */
    void mend() {
        target = usual;
        frozen = false;
        sockets.forEach(NetSocket::resume);
    }

    /** Passes the next message that contains {@code text}, and closes its connection before the answer. */
    void loseAnswerTo(String text) {
        unanswered = Optional.of(text);
    }

    /** The number of lost answers. */
    int lost() {
        return lost.get();
    }

    void close() {
        Berth.await(Future.join(server.close(), client.close()));
    }

    private void accept(NetSocket near) {
        near.pause();
        int port = target;
        if (port == 0) {
            near.close();
            return;
        }
        client.connect(port, host).onFailure(e -> near.close()).onSuccess(far -> {
            join(near, far.pause());
            if (target != port) {
                near.close();
            }
        });
    }

    private void join(NetSocket near, NetSocket far) {
        AtomicBoolean last = new AtomicBoolean();
        near.handler(said -> {
            if (isUnanswered(said)) {
                unanswered = Optional.empty();
                last.set(true);
            }
            far.write(said);
        });
        far.handler(answer -> {
            if (last.get()) {
                lost.incrementAndGet();
                near.close();
            } else {
                near.write(answer);
            }
        });
        begin(near, far);
        begin(far, near);
    }

    private boolean isUnanswered(Buffer said) {
        return unanswered
                .filter(text -> said.toString(StandardCharsets.ISO_8859_1).contains(text))
                .isPresent();
    }

    private void begin(NetSocket one, NetSocket other) {
        sockets.add(one);
        one.closeHandler(closed -> {
            sockets.remove(one);
            other.close();
        });
        if (!frozen) {
            one.resume();
        }
    }
}
