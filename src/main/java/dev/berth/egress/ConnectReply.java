package dev.berth.egress;

import dev.berth.loop.LoopPromise;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks an HTTP proxy for a tunnel ({@code CONNECT}), and reads its answer. */
final class ConnectReply {
    private static final int MAX_BYTES = 16_384;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: [^\\r\\n]*)?");
    private static final String END = "\r\n\r\n";

    private final NetSocket socket;
    private final Promise<Buffer> done = LoopPromise.on(Vertx.currentContext());
    private Buffer read = Buffer.buffer();

    /** The message is the end of a sentence that begins with the proxy. */
    static final class ProxyRefused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ProxyRefused(String words) {
            super(words, null, false, false);
        }
    }

    ConnectReply(NetSocket socket) {
        this.socket = socket;
    }

    /** Gives the buffer of the bytes that came behind the answer; bytes that come later are appended to the same buffer. */
    Future<Buffer> ask(String request) {
        socket.closeHandler(closed -> done.tryFail(new ProxyRefused("closed the connection")));
        socket.exceptionHandler(e -> done.tryFail(new ProxyRefused("broke the connection")));
        socket.handler(this::read);
        socket.write(request).onFailure(done::tryFail);
        return done.future().timeout(Dialer.CONNECT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void read(Buffer chunk) {
        read.appendBuffer(chunk);
        if (done.future().isComplete()) {
            return;
        }
        String text = read.getString(0, Math.min(read.length(), MAX_BYTES), StandardCharsets.ISO_8859_1.name());
        int end = text.indexOf(END);
        if (end >= 0) {
            answered(text.substring(0, text.indexOf("\r\n")), end + END.length());
        } else if (read.length() >= MAX_BYTES) {
            done.tryFail(new ProxyRefused("does not answer in HTTP"));
        }
    }

    private void answered(String line, int length) {
        Matcher status = STATUS.matcher(line);
        if (!status.matches()) {
            done.tryFail(new ProxyRefused("does not answer in HTTP"));
        } else if (!status.group(1).startsWith("2")) {
            done.tryFail(new ProxyRefused("answered with status " + status.group(1)));
        } else {
            Dialer.waiting(socket);
            read = read.getBuffer(length, read.length());
            done.tryComplete(read);
        }
    }
}
