package dev.berth.http;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chrome by its WebSocket, as plain TCP: the handshake is made here, with the client's own key, so that the client can be given
 * Chrome's answer. Frames pass as they came.
 */
final class SocketEnd implements ChromeEnd {
    private static final Logger log = LoggerFactory.getLogger(SocketEnd.class);
    private static final int WRITE_QUEUE_BYTES = 1 << 20;
    private static final int MAX_HEAD_BYTES = 8_192;
    private static final long TIMEOUT_SECONDS = 10;
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final Pattern ACCEPT =
            Pattern.compile("(?im)^Sec-WebSocket-Accept:[ \\t]*([A-Za-z0-9+/=]+)[ \\t]*$");

    private final NetSocket socket;
    private final ChannelHandlerContext channel;
    private final String accept;
    /** What Chrome sent right after its answer. */
    private final Buffer early;

    private final MemoryBudget.Share budget;
    /** Before {@link #unsent}; those of large messages go out one by one. */
    private final Deque<ByteBuf> waiting = new ArrayDeque<>();

    private Buffer unsent = Buffer.buffer();
    private Listener listener;
    private long heldBytes;
    private boolean over;

    /** @param socket paused */
    private SocketEnd(NetSocket socket, Object user, String accept, Buffer early) {
        this.socket = socket;
        this.budget = MemoryBudget.OF_RELAYS.share(user);
        this.channel = ((NetSocketInternal) socket).channelHandlerContext();
        this.accept = accept;
        this.early = early;
    }

    /**
     * @param user whose session it is
     * @param key the client's {@code Sec-WebSocket-Key}
     */
    static Future<ChromeEnd> open(NetClient client, CdpEndpoint endpoint, Object user, String key) {
        return client.connect(endpoint.port(), endpoint.host())
                .compose(socket -> shakeHands(socket, endpoint, user, key))
                .recover(e -> Future.failedFuture(
                        new BerthException(ErrorCode.UPSTREAM, "the browser does not answer: " + e.getMessage(), e)));
    }

    private static Future<ChromeEnd> shakeHands(NetSocket socket, CdpEndpoint endpoint, Object user, String key) {
        Promise<ChromeEnd> open = Promise.promise();
        Buffer answer = Buffer.buffer();
        socket.handler(chunk -> read(socket, user, answer.appendBuffer(chunk), open));
        socket.closeHandler(closed -> open.tryFail("it closed the connection"));
        socket.exceptionHandler(open::tryFail);
        return socket.write(request(endpoint, key))
                .compose(sent -> open.future().timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .onFailure(e -> socket.close());
    }

    private static String request(CdpEndpoint endpoint, String key) {
        return String.join(
                "\r\n",
                "GET " + endpoint.path() + " HTTP/1.1",
                "Host: " + endpoint.host() + ":" + endpoint.port(),
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + key,
                "",
                "");
    }

    private static void read(NetSocket socket, Object user, Buffer answer, Promise<ChromeEnd> open) {
        String head = answer.getString(0, Math.min(answer.length(), MAX_HEAD_BYTES), "ISO-8859-1");
        int end = head.indexOf(END_OF_HEAD);
        if (end < 0) {
            if (answer.length() >= MAX_HEAD_BYTES) {
                open.tryFail("it does not speak HTTP");
            }
            return;
        }
        socket.pause();
        Matcher accept = ACCEPT.matcher(head.substring(0, end));
        if (head.startsWith("HTTP/1.1 101 ") && accept.find()) {
            int frames = end + END_OF_HEAD.getBytes(StandardCharsets.ISO_8859_1).length;
            open.tryComplete(new SocketEnd(socket, user, accept.group(1), answer.getBuffer(frames, answer.length())));
        } else {
            open.tryFail("it refuses the WebSocket: " + head.lines().findFirst().orElse(""));
        }
    }

    @Override
    public String accept() {
        return accept;
    }

    @Override
    public void start(Listener hears) {
        listener = hears;
        socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES)
                .drainHandler(drained -> drained())
                .handler(listener::frames)
                .exceptionHandler(SocketEnd::ignored)
                .closeHandler(gone -> {
                    over();
                    listener.closed();
                });
        if (early.length() > 0) {
            listener.frames(early);
        }
    }

    private void drained() {
        writeOn();
        if (!isFull()) {
            listener.drained();
        }
    }

    @Override
    public boolean isOpen() {
        return channel.channel().isActive();
    }

    @Override
    public void send(CommandText text) {
        Frames.appendHeadForChrome(unsent, text.length());
        if (text.isSmall()) {
            unsent.appendBytes(text.array(), 0, text.length());
            return;
        }
        seal();
        for (ByteBuf piece : text.take()) {
            waiting.add(piece);
            hold(piece.capacity());
        }
    }

    private void hold(long more) {
        heldBytes += more;
        budget.hold(over ? 0 : heldBytes);
    }

    private void seal() {
        if (unsent.length() > 0) {
            waiting.add(Unpooled.wrappedBuffer(unsent.getBytes()));
            unsent = Buffer.buffer();
        }
    }

    @Override
    public boolean flush() {
        if (unsent.length() == 0 && waiting.isEmpty()) {
            return false;
        }
        if (waiting.isEmpty()) {
            write(unsent);
            unsent = Buffer.buffer();
        } else {
            seal();
            writeOn();
        }
        return true;
    }

    private void writeOn() {
        while (!waiting.isEmpty() && !socket.writeQueueFull()) {
            ByteBuf next = waiting.remove();
            hold(-Math.min(heldBytes, next.capacity()));
            byte[] bytes = new byte[next.readableBytes()];
            next.readBytes(bytes).release();
            write(Buffer.buffer(bytes));
        }
    }

    private void write(Buffer bytes) {
        socket.write(bytes).onFailure(SocketEnd::ignored);
    }

    @Override
    public boolean isFull() {
        return !waiting.isEmpty() || socket.writeQueueFull();
    }

    @Override
    public void pause() {
        socket.pause();
    }

    @Override
    public void resume() {
        socket.resume();
    }

    private void over() {
        over = true;
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        budget.hold(0);
    }

    @Override
    public void close() {
        over();
        socket.resume();
        socket.close().onFailure(SocketEnd::ignored);
    }

    /** A socket that fails closes, and that is heard. */
    private static void ignored(Throwable e) {
        log.debug("CDP: {}", e.toString());
    }
}
