package dev.berth.browser.cdp;

import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.browser.cdp.CdpConnection.OversizedEvent;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages that come for a connection: each is kept as far as it may be, and handed to its receiver. On the connection's context. */
final class ReceivedMessages implements Party.Receiver, MessageKeeper.Listener {
    private static final Logger log = LoggerFactory.getLogger(ReceivedMessages.class);

    private final MessageKeeper keeper = new MessageKeeper(this);
    private final Replies replies;
    private final Consumer<Optional<String>> onClosed;
    private Handler<CdpEvent> events = event -> {};
    private Handler<OversizedEvent> oversized = event -> {};
    private Handler<Integer> dropped = entries -> {};
    private Runnable drained = () -> {};
    private Optional<WholeEvents> whole = Optional.empty();

    private record WholeEvents(byte[] start, int maxBytes, CdpConnection.WholeEvent handler) {}

    ReceivedMessages(Replies replies, Consumer<Optional<String>> onClosed) {
        this.replies = replies;
        this.onClosed = onClosed;
    }

    void onEvent(Handler<CdpEvent> handler) {
        events = handler;
    }

    void onOversizedEvent(Handler<OversizedEvent> handler) {
        oversized = handler;
    }

    void onDropped(Handler<Integer> handler) {
        dropped = handler;
    }

    void onDrained(Runnable handler) {
        drained = handler;
    }

    void onWholeEvent(String method, int maxBytes, CdpConnection.WholeEvent handler) {
        byte[] start = ("{\"method\":\"" + method + '"').getBytes(StandardCharsets.US_ASCII);
        whole = Optional.of(new WholeEvents(start, maxBytes, handler));
    }

    @Override
    public void piece(byte[] bytes, int from, int to, boolean last) {
        keeper.piece(bytes, from, to, last);
    }

    @Override
    public void turnEnds() {
        // Each message was told as it came.
    }

    @Override
    public void dropped(int entries) {
        dropped.handle(entries);
    }

    @Override
    public void missed(byte[] head, String sessionId, long bytes) {
        OptionalLong id = MessageHead.id(head, 0, head.length);
        if (id.isPresent()) {
            replies.fail((int) id.getAsLong(), Failures.noRoom());
        } else {
            oversizedEvent(sessionId, MessageHead.method(head, 0, head.length), bytes);
        }
    }

    @Override
    public void drained() {
        drained.run();
    }

    @Override
    public void closed(Optional<String> why) {
        onClosed.accept(why);
    }

    @Override
    public void message(byte[] json, int length) {
        OptionalLong id = MessageHead.id(json, 0, length);
        if (id.isPresent()) {
            replies.answered((int) id.getAsLong(), json, length);
            return;
        }
        try {
            if (wholeEventBytes(json, length) > 0) {
                whole.orElseThrow().handler().came(json, length);
            } else {
                told(CdpConnection.parse(json, length));
            }
        } catch (IOException | RuntimeException e) {
            // Later messages must be heard nevertheless.
            log.error("an event from Chrome can't be parsed", e);
        }
    }

    @Override
    public void oversizedEvent(String sessionId, String method, long bytes) {
        try {
            oversized.handle(new OversizedEvent(sessionId, method, bytes));
        } catch (RuntimeException e) {
            log.error("an event from Chrome could not be handled", e);
        }
    }

    @Override
    public void oversizedAnswer(int id, long bytes, int maxBytes) {
        replies.oversized(id, bytes, maxBytes);
    }

    @Override
    public void unheldAnswer(int id) {
        replies.fail(id, Failures.noRoom());
    }

    @Override
    public int wholeBytes(int id) {
        return replies.whole(id).map(CdpConnection.WholeAnswer::maxBytes).orElse(0);
    }

    @Override
    public int wholeEventBytes(byte[] event, int length) {
        return whole.filter(wanted -> MessageHead.startsWith(event, 0, length, wanted.start()))
                .map(WholeEvents::maxBytes)
                .orElse(0);
    }

    @Override
    public boolean hasRoom(int id, int bytes) {
        return replies.hasRoom(id, bytes);
    }

    private void told(JsonObject event) {
        events.handle(new CdpEvent(
                event.getString("sessionId", CdpConnection.BROWSER),
                event.getString("method"),
                event.getJsonObject("params", new JsonObject())));
    }
}
