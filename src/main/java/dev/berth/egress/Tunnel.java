package dev.berth.egress;

import dev.berth.protocol.HostPatterns;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a Chrome, from its greeting to its end. On the Chrome's context. */
final class Tunnel {
    private static final Logger log = LoggerFactory.getLogger(Tunnel.class);

    private final EgressProxy proxy;
    private final NetSocketInternal chrome;
    private Buffer read = Buffer.buffer();
    private boolean greeted;
    private boolean over;
    private Runnable requested = () -> {};
    private Runnable ended = () -> {};
    private int openSides = 1;
    private Optional<NetSocketInternal> server = Optional.empty();
    private Optional<SocksRequest> request = Optional.empty();

    Tunnel(EgressProxy proxy, NetSocket chrome) {
        this.proxy = proxy;
        this.chrome = (NetSocketInternal) chrome;
    }

    /**
     * @param onRequest runs when Chrome has said where the connection is to go, or has left
     * @param onEnd runs when both sides are closed. While a host is dialled the tunnel counts even if Chrome has left: a page could have any
     *     number of hosts dialled otherwise
     */
    void start(Runnable onRequest, Runnable onEnd) {
        requested = onRequest;
        ended = onEnd;
        chrome.closeHandler(closed -> {
            over = true;
            onRequest.run();
            sideEnded();
        });
        chrome.handler(this::read);
    }

    private void sideEnded() {
        openSides--;
        if (openSides == 0) {
            ended.run();
        }
    }

    /** Whether the connection goes to one of these hosts. */
    boolean leadsTo(HostPatterns hosts) {
        return request.filter(to -> hosts.matches(to.host(), to.port())).isPresent();
    }

    private void read(Buffer chunk) {
        read.appendBuffer(chunk);
        try {
            if (!greeted) {
                SocksRequest.greeting(read).ifPresent(this::greeted);
            }
            if (greeted && request.isEmpty()) {
                request = SocksRequest.read(read);
                request.ifPresent(this::requested);
            }
        } catch (IllegalArgumentException e) {
            log.debug("a client of the proxy on port {} is sent away: {}", proxy.port(), e.getMessage());
            breakOff();
        }
    }

    private void greeted(int length) {
        greeted = true;
        read = read.getBuffer(length, read.length());
        chrome.write(SocksRequest.NO_AUTHENTICATION);
    }

    private void requested(SocksRequest to) {
        // Bytes that Chrome sends before the answer would wait in no budget.
        if (read.length() > to.length()) {
            throw new IllegalArgumentException("it sends more before it is answered");
        }
        // From here on Chrome is read when the host is there to take it.
        Dialer.waiting(chrome);
        requested.run();
        if (to.command() != SocksRequest.CONNECT) {
            refuse(SocksRequest.unknownCommand());
            return;
        }
        openSides++;
        proxy.dial(to).onSuccess(dialed -> dialed(to, dialed));
    }

    private void dialed(SocksRequest to, Dialed dialed) {
        proxy.told(to, dialed.outcome());
        dialed.socket().ifPresentOrElse(socket -> connected(socket, dialed.first()), () -> {
            sideEnded();
            refuse(SocksRequest.reply(dialed.outcome()));
        });
    }

    private void connected(NetSocketInternal to, Buffer first) {
        // Unlike Vert.x's close handler, this future also tells of a socket that is closed already.
        to.channelHandlerContext().channel().closeFuture().addListener(closed -> sideEnded());
        if (over) {
            to.close();
        } else {
            join(to, first);
        }
    }

    private void refuse(Buffer reply) {
        chrome.write(reply).onComplete(written -> chrome.close());
    }

    private void join(NetSocketInternal to, Buffer first) {
        server = Optional.of(to);
        chrome.write(SocksRequest.reply(Outcome.connected(Optional.empty())));
        if (first.length() > 0) {
            proxy.count(first.length(), 0);
            chrome.write(first);
        }
        Relay.join(chrome, bytes -> proxy.count(0, bytes), to, bytes -> proxy.count(bytes, 0), proxy::share);
    }

    /** Resets both connections at once: neither side takes that for an end by the other one. */
    void breakOff() {
        over = true;
        Relay.breakOff(chrome.channelHandlerContext().channel());
        server.ifPresent(to -> Relay.breakOff(to.channelHandlerContext().channel()));
    }
}
