package dev.berth.cluster;

import dev.berth.protocol.ProtocolJson;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import java.io.UncheckedIOException;

/** {@link MeshMessage}s on a socket: four bytes of length, and JSON. */
final class Frames {
    /** News of a few hundred listeners are some ten kilobytes. */
    private static final int MAX_BYTES = 1 << 20;

    private Frames() {}

    static Future<Void> write(NetSocket socket, MeshMessage message) {
        try {
            byte[] json = ProtocolJson.MAPPER.writeValueAsBytes(message);
            return socket.write(Buffer.buffer(Integer.BYTES + json.length)
                    .appendInt(json.length)
                    .appendBytes(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads what comes on {@code socket}, and closes it at what no node says. */
    static void read(NetSocket socket, Handler<MeshMessage> handler) {
        RecordParser parser = RecordParser.newFixed(Integer.BYTES);
        parser.handler(new Handler<>() {
            private boolean lengthKnown;

            @Override
            public void handle(Buffer part) {
                lengthKnown = !lengthKnown;
                if (!lengthKnown) {
                    parser.fixedSizeMode(Integer.BYTES);
                    handler.handle(message(part));
                    return;
                }
                int length = part.getInt(0);
                if (length <= 0 || length > MAX_BYTES) {
                    throw new IllegalArgumentException("no frame has " + length + " bytes");
                }
                parser.fixedSizeMode(length);
            }
        });
        // What a handler throws goes to the exception handler too.
        socket.handler(bytes -> {
            try {
                parser.handle(bytes);
            } catch (RuntimeException e) {
                socket.handler(null);
                socket.close();
            }
        });
    }

    private static MeshMessage message(Buffer json) {
        try {
            return ProtocolJson.MAPPER.readValue(json.getBytes(), MeshMessage.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
