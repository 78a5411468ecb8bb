package dev.berth.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One HTTP connection that is kept alive, with one request under way. It knows only what it must to see the answer's end: a
 * real client costs more than the server, and would make every server look alike.
 */
final class HttpLane {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
    private static final String HEAD_END = "\r\n\r\n";
    private static final int MAX_HEAD_BYTES = 2_048;

    private final NetSocket socket;
    private final Buffer request;
    private Buffer head = Buffer.buffer();
    private int length;
    private int expected = -1;
    private Promise<Void> answered = Promise.promise();

    HttpLane(NetSocket socket, String request) {
        this.socket = socket;
        this.request = Buffer.buffer(request);
        socket.handler(this::receive);
        socket.closeHandler(closed -> answered.tryFail("the server closed the connection"));
    }

    /** Completes with a 200; fails with anything else. */
    Future<Void> get() {
        head = Buffer.buffer();
        length = 0;
        expected = -1;
        answered = Promise.promise();
        socket.write(request).onFailure(answered::tryFail);
        return answered.future();
    }

    private void receive(Buffer part) {
        length += part.length();
        if (expected < 0) {
            head = head.length() == 0 ? part : head.appendBuffer(part);
            readHead(head.getString(0, Math.min(MAX_HEAD_BYTES, head.length()), "ISO-8859-1"));
        }
        if (expected >= 0 && length >= expected) {
            answered.tryComplete();
        }
    }

    private void readHead(String text) {
        int end = text.indexOf(HEAD_END);
        if (end < 0) {
            return;
        }
        String fields = text.substring(0, end);
        Matcher size = LENGTH.matcher(fields);
        if (!fields.startsWith("HTTP/1.1 200") || !size.find()) {
            answered.tryFail("not a 200 with a length: " + text);
            return;
        }
        expected = end + HEAD_END.length() + Integer.parseInt(size.group(1));
    }
}
