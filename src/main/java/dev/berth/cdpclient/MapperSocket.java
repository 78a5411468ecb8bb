package dev.berth.cdpclient;

import dev.berth.browser.cdp.MessageHead;
import dev.berth.browser.cdp.Party;
import dev.berth.browser.cdp.Party.CommandAddress;
import dev.berth.loop.LoopPromise;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.FrameReader;
import dev.berth.websocket.FrameSocket;
import dev.berth.websocket.FrameWriter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * The mapper in a tab of Chrome, as a client with a socket: a binding of the tab carries what the mapper sends, and calls of a function in the
 * tab what it gets. On one event loop.
 */
final class MapperSocket implements FrameSocket, Party.Receiver {
    private static final long BEAT_MILLIS = 30_000;
    /** Limit for an event with a part of a message: four thirds of the part, and some words. */
    private static final int MAX_EVENT_BYTES = 128 << 10;

    private static final byte[] CALLED = "{\"method\":\"Runtime.bindingCalled\"".getBytes(StandardCharsets.US_ASCII);

    /**
     * Makes of a binding the object that Chrome would make. Messages go in parts of UTF-8 in Base64, so that the server never holds a whole
     * one; the last part of the mapper's begins with a dot. The value is the function that takes the parts of those to the mapper.
     */
    private static final String CONNECTION = """
            (name => {
              const tell = self[name], encoder = new TextEncoder(), decoder = new TextDecoder();
              let begun = '';
              self[name] = {
                onmessage: null,
                send(message) {
                  const bytes = encoder.encode(message);
                  let to = 0;
                  do {
                    const part = bytes.subarray(to, to += 49152);
                    tell((to < bytes.length ? '+' : '.') + part.toBase64());
                  } while (to < bytes.length);
                },
              };
              return (part, last) => {
                begun += decoder.decode(Uint8Array.fromBase64(part), {stream: !last});
                if (last) {
                  const message = begun;
                  begun = '';
                  self[name].onmessage?.(message);
                }
              };
            })""";

    private static final int BINDS = 1;
    private static final int CONNECTS = 2;

    private final Vertx vertx;
    private final Context context;
    private final Party page;
    private final String binding;
    private final FrameReader fromRelay = FrameReader.ofServer(new ForMapper());
    private final ByteArrayOutputStream event = new ByteArrayOutputStream();
    private final Promise<Void> connected;
    private final Promise<String> closed;
    private Promise<Void> drained;
    /** Chrome's id of the function that takes messages. */
    private String receiver = "";

    private int lastId = CONNECTS;
    private Optional<Listener> relay = Optional.empty();
    private long beat = -1;
    private boolean paused;
    private boolean inMessage;
    private boolean ended;

    /**
     * @param page the tab's
     * @param binding the name of the object by which the mapper reaches Chrome
     */
    MapperSocket(Vertx vertx, Party page, String binding) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.page = page;
        this.binding = binding;
        this.connected = LoopPromise.on(context);
        this.closed = LoopPromise.on(context);
        this.drained = LoopPromise.on(context);
    }

    /** Completes when the mapper can send and receive. */
    Future<Void> connect() {
        page.start(this);
        page.resume();
        send(BINDS, "Runtime.addBinding", new JsonObject().put("name", binding));
        send(
                CONNECTS,
                "Runtime.evaluate",
                new JsonObject().put("expression", CONNECTION + "(" + Json.encode(binding) + ")"));
        page.flush();
        return connected.future();
    }

    /** Completes with the reason, when the socket is of no more use. */
    Future<String> closed() {
        return closed.future();
    }

    void end(String why) {
        if (ended) {
            return;
        }
        ended = true;
        vertx.cancelTimer(beat);
        page.close();
        connected.tryFail(why);
        drained.tryFail(why);
        closed.complete(why);
        relay.ifPresent(listener -> context.runOnContext(now -> listener.gone()));
    }

    private void send(int id, String method, JsonObject params) {
        byte[] text = new JsonObject()
                .put("id", id)
                .put("method", method)
                .put("params", params)
                .toBuffer()
                .getBytes();
        page.add(text, text.length, new CommandAddress(id, "", 1, false));
    }

    // From the mapper

    @Override
    public void piece(byte[] bytes, int from, int to, boolean last) {
        if (ended) {
            return;
        }
        event.write(bytes, from, Math.min(to - from, MAX_EVENT_BYTES + 1 - event.size()));
        if (last) {
            byte[] whole = event.toByteArray();
            event.reset();
            told(whole);
        }
    }

    private void told(byte[] message) {
        boolean called = MessageHead.startsWith(message, 0, message.length, CALLED);
        if (called && message.length > MAX_EVENT_BYTES) {
            end("the mapper's tab sent a part of more than " + MAX_EVENT_BYTES + " bytes");
        } else if (called) {
            called(Buffer.buffer(message).toJsonObject().getJsonObject("params"));
        } else if (receiver.isEmpty()
                && MessageHead.id(message, 0, message.length).orElse(0) == CONNECTS) {
            connected(Buffer.buffer(message).toJsonObject());
        }
    }

    private void connected(JsonObject answer) {
        receiver = answer.getJsonObject("result", new JsonObject())
                .getJsonObject("result", new JsonObject())
                .getString("objectId", "");
        if (receiver.isEmpty()) {
            end("Chrome answered " + answer.encode());
        } else {
            connected.complete();
        }
    }

    private void called(JsonObject call) {
        String payload = call.getString("payload", "");
        if (relay.isEmpty() || !binding.equals(call.getString("name")) || payload.isEmpty()) {
            return;
        }
        try {
            boolean last = payload.charAt(0) == '.';
            byte[] part = Base64.getDecoder().decode(payload.substring(1));
            Buffer frame = Buffer.buffer();
            FrameWriter.appendClientsFragment(frame, !inMessage, last, part, 0, part.length);
            inMessage = !last;
            relay.get().read(frame);
        } catch (IllegalArgumentException e) {
            // A script that a user ran in the tab.
            end("the mapper's tab sent what is not Base64");
        }
    }

    @Override
    public void turnEnds() {}

    @Override
    public void dropped(int entries) {
        throw new IllegalStateException("a client is closed before it misses anything");
    }

    @Override
    public void missed(byte[] head, String sessionId, long bytes) {
        end("the server has no memory for a message of " + bytes + " bytes at the moment");
    }

    @Override
    public void drained() {
        Promise<Void> all = drained;
        drained = LoopPromise.on(context);
        all.tryComplete();
        relay.ifPresent(Listener::drained);
    }

    @Override
    public void closed(Optional<String> why) {
        end(why.orElse("the mapper's tab was closed"));
    }

    // To the mapper

    /** Passes what frames carry to the tab. */
    private final class ForMapper implements FrameReader.Listener {
        private long read;
        private long length;
        private boolean whole;

        @Override
        public int begins(boolean binary) {
            read = 0;
            whole = false;
            return Integer.MAX_VALUE;
        }

        @Override
        public void frame(long bytes, boolean last) {
            length = last ? bytes : Long.MAX_VALUE;
        }

        @Override
        public void part(byte[] bytes, int from, int to) {
            read += to - from;
            whole = read == length;
            call(Arrays.copyOfRange(bytes, from, to), whole);
        }

        /** The last frame of a message may be empty. */
        @Override
        public boolean ends() {
            if (!whole) {
                call(new byte[0], true);
            }
            return true;
        }

        @Override
        public void ping(byte[] payload) {}

        @Override
        public void close(byte[] payload) {}
    }

    private void call(byte[] part, boolean last) {
        JsonArray arguments = new JsonArray()
                .add(new JsonObject().put("value", Base64.getEncoder().encodeToString(part)))
                .add(new JsonObject().put("value", last));
        lastId = lastId == Integer.MAX_VALUE ? CONNECTS + 1 : lastId + 1;
        send(
                lastId,
                "Runtime.callFunctionOn",
                new JsonObject()
                        .put("objectId", receiver)
                        .put("functionDeclaration", "function (part, last) { this(part, last); }")
                        .put("arguments", arguments));
    }

    @Override
    public void start(Listener listener) {
        relay = Optional.of(listener);
        beat = vertx.setPeriodic(BEAT_MILLIS, now -> listener.beat());
        if (ended) {
            listener.gone();
        }
    }

    @Override
    public boolean isFull() {
        return page.isFull();
    }

    @Override
    public Future<Void> write(Buffer frames) {
        if (ended) {
            return Future.failedFuture("the mapper is gone");
        }
        fromRelay.feed(frames.getBytes(), 0);
        page.flush();
        return isFull() ? drained.future() : Future.succeededFuture();
    }

    @Override
    public boolean throttle(boolean wait) {
        boolean changes = wait != paused && !ended;
        paused = wait;
        if (changes && wait) {
            page.pause();
        } else if (changes) {
            page.resume();
        }
        return changes;
    }

    @Override
    public void close(CloseReason reason) {
        end(reason.text());
    }

    @Override
    public void close() {
        end("the mapper's client was closed");
    }

    @Override
    public void abort() {
        close();
    }
}
