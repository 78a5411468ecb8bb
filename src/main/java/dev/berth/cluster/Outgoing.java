package dev.berth.cluster;

import dev.berth.cluster.MeshMessage.Ack;
import dev.berth.cluster.MeshMessage.Hello;
import dev.berth.cluster.MeshMessage.News;
import dev.berth.cluster.MeshMessage.Welcome;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the node at one address what this node has, and dials it again whenever the link breaks. Runs on the mesh's context.
 */
final class Outgoing {
    /** What became of an attempt. */
    enum Outcome {
        JOINED,
        /** It is this node itself, or one that is told already, at another of its addresses. */
        KNOWN,
        /** Somebody listens, but is no node that lets this one in. */
        REFUSED,
        UNREACHABLE
    }

    private static final Logger log = LoggerFactory.getLogger(Outgoing.class);
    private static final long WELCOME_MILLIS = 2_000;
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long MAX_PAUSE_MILLIS = 2_000;
    private static final long KNOWN_PAUSE_MILLIS = 10_000;
    private static final int REFUSALS_TO_BELIEVE = 2;

    private final Vertx vertx;
    private final NetClient client;
    private final SocketAddress address;
    private final Hello hello;
    private final Supplier<Stream<News>> everything;
    private final Predicate<String> wanted;
    private final Promise<Outcome> first = Promise.promise();
    private final Deque<Promise<Void>> unanswered = new ArrayDeque<>();
    private Optional<NetSocket> link = Optional.empty();
    private Optional<String> nodeId = Optional.empty();
    private Optional<Outcome> last = Optional.empty();
    private int refusals;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private long failingSince;
    private long heardAt;
    private boolean closed;

    /**
     * @param everything what is told first
     * @param wanted whether the node with this id is to be told through this link
     */
    Outgoing(
            Vertx vertx,
            NetClient client,
            SocketAddress address,
            Hello hello,
            Supplier<Stream<News>> everything,
            Predicate<String> wanted) {
        this.vertx = vertx;
        this.client = client;
        this.address = address;
        this.hello = hello;
        this.everything = everything;
        this.wanted = wanted;
        this.failingSince = System.nanoTime();
    }

    /** Completes once the first attempt is over. */
    Future<Outcome> first() {
        return first.future();
    }

    /** The node that is told through this link now. */
    Optional<String> nodeId() {
        return nodeId;
    }

    SocketAddress target() {
        return address;
    }

    String address() {
        return Members.text(address);
    }

    /** Since when it has not been there, by {@link System#nanoTime}; empty while it is. */
    Optional<Long> failingSince() {
        return nodeId.isPresent() ? Optional.empty() : Optional.of(failingSince);
    }

    void dial() {
        if (closed) {
            return;
        }
        client.connect(address).onComplete(dialed -> {
            if (dialed.failed()) {
                over(isRefusal(dialed.cause()) ? Outcome.REFUSED : Outcome.UNREACHABLE);
            } else if (closed) {
                dialed.result().close();
            } else {
                opened(dialed.result());
            }
        });
    }

    /** Where this node's own patience ended, that is an SSLException, too. */
    private static boolean isRefusal(Throwable e) {
        List<Throwable> both =
                Stream.of(e, e.getCause()).filter(Objects::nonNull).toList();
        return both.stream().anyMatch(SSLException.class::isInstance)
                && both.stream().noneMatch(SslHandshakeTimeoutException.class::isInstance);
    }

    private void opened(NetSocket socket) {
        link = Optional.of(socket);
        long timer = vertx.setTimer(WELCOME_MILLIS, late -> {
            // A process that stands still: its kernel takes connections.
            last = Optional.of(Outcome.UNREACHABLE);
            socket.close();
        });
        socket.exceptionHandler(e -> log.debug("the link to {} broke: {}", address, e.toString()));
        socket.closeHandler(closing -> {
            vertx.cancelTimer(timer);
            broken();
        });
        Frames.read(socket, message -> {
            if (message instanceof Welcome welcome && nodeId.isEmpty()) {
                vertx.cancelTimer(timer);
                welcomed(socket, welcome.nodeId());
            } else if (message instanceof Ack && !unanswered.isEmpty()) {
                heardAt = System.nanoTime();
                unanswered.poll().complete();
            }
        });
        Frames.write(socket, hello);
    }

    private void welcomed(NetSocket socket, String id) {
        last = Optional.of(Outcome.KNOWN);
        // An address of this node's own stays one.
        closed = id.equals(hello.nodeId());
        if (closed || !wanted.test(id)) {
            socket.close();
            return;
        }
        nodeId = Optional.of(id);
        heardAt = System.nanoTime();
        pauseMillis = FIRST_PAUSE_MILLIS;
        everything.get().forEach(this::tell);
        tell(News.COMPLETE).onSuccess(told -> {
            last = Optional.of(Outcome.JOINED);
            first.tryComplete(Outcome.JOINED);
        });
    }

    /** Completes once the node knows, or is known not to listen; never fails. */
    Future<Void> tell(News news) {
        if (nodeId.isEmpty()) {
            return Future.succeededFuture();
        }
        Promise<Void> told = Promise.promise();
        unanswered.add(told);
        link.ifPresent(socket -> Frames.write(socket, news));
        return told.future();
    }

    /** Breaks the link if nothing was heard for so long. */
    void breakIfSilent(long nanos) {
        if (nodeId.isPresent() && System.nanoTime() - heardAt > nanos) {
            hangUp();
        }
    }

    /** Breaks the link; the node is dialed anew at once. */
    void hangUp() {
        link.ifPresent(NetSocket::close);
    }

    private void broken() {
        boolean joined = nodeId.isPresent();
        link = Optional.empty();
        nodeId = Optional.empty();
        if (joined) {
            failingSince = System.nanoTime();
        }
        List.copyOf(unanswered).forEach(Promise::tryComplete);
        unanswered.clear();
        // Where it was not welcomed, somebody took the connection, and no more.
        over(last.filter(known -> known != Outcome.JOINED || joined).orElse(Outcome.REFUSED));
    }

    private void over(Outcome outcome) {
        last = Optional.empty();
        refusals = outcome == Outcome.REFUSED ? refusals + 1 : 0;
        // A node that is just closing breaks its links, too.
        if (outcome != Outcome.REFUSED || refusals == REFUSALS_TO_BELIEVE) {
            told(outcome);
        }
        if (!closed) {
            vertx.setTimer(outcome == Outcome.KNOWN ? KNOWN_PAUSE_MILLIS : pauseMillis, again -> dial());
            pauseMillis = Math.min(MAX_PAUSE_MILLIS, pauseMillis * 2);
        }
    }

    private void told(Outcome outcome) {
        if (!first.tryComplete(outcome) && outcome == Outcome.REFUSED) {
            log.warn("{}", Findings.refusal(address()));
        }
    }

    void close() {
        closed = true;
        hangUp();
    }
}
