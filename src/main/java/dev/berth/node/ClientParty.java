package dev.berth.node;

import dev.berth.browser.Browser;
import dev.berth.browser.Pointer.Moved;
import dev.berth.browser.WayOut.Passage;
import dev.berth.browser.cdp.ChromePipes;
import dev.berth.browser.cdp.Party;
import dev.berth.browser.cdp.Party.CommandAddress;
import dev.berth.cdpclient.ChromeEnd;
import dev.berth.cdpclient.command.CdpMessage;
import dev.berth.cdpclient.command.CommandText;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Supplier;

/** A CDP client as a party of a Chrome's pipe. */
final class ClientParty implements ChromeEnd {
    private final Party party;
    private final Context context;
    private final Supplier<Optional<Browser>> browser;

    private ClientParty(Party party, Context context, Supplier<Optional<Browser>> browser) {
        this.party = party;
        this.context = context;
        this.browser = browser;
    }

    /** @param browser the session's, while it is there: is told what the client does with mouse and keys */
    static Future<ChromeEnd> open(
            Vertx vertx, ChromePipes pipes, CdpEndpoint endpoint, Supplier<Optional<Browser>> browser) {
        Context context = vertx.getOrCreateContext();
        return pipes.find(endpoint.chrome())
                .map(pipe -> pipe.open(context, Party.Kind.CLIENT))
                .orElseGet(() -> Future.failedFuture("it is gone"))
                .<ChromeEnd>map(party -> new ClientParty(party, context, browser))
                .recover(e -> Future.failedFuture(
                        new BerthException(ErrorCode.UPSTREAM, "the browser does not answer: " + e.getMessage(), e)));
    }

    @Override
    public String targetId() {
        return party.targetId();
    }

    @Override
    public void start(Listener listener) {
        party.start(new ToListener(party, listener));
    }

    @Override
    public boolean owns(String sessionId) {
        return party.owns(sessionId);
    }

    @Override
    public boolean send(CdpMessage message, CommandText text) {
        CommandAddress address = address(message);
        return text.isSmall() ? party.add(text.array(), text.length(), address) : party.add(text.take(), address);
    }

    private static CommandAddress address(CdpMessage message) {
        return new CommandAddress(
                message.number().orElseThrow(), message.session(), message.sessionPlace(), message.hasEmptySession());
    }

    @Override
    public void pointed(String pageId, double x, double y, boolean pressed) {
        browser.get().ifPresent(shown -> shown.pointer().tell(new Moved(pageId, x, y, pressed)));
    }

    @Override
    public Future<Void> uses(String pageId) {
        Future<Void> told = browser.get()
                .map(used -> used.inputSources().uses(pageId, ActionSource.CDP))
                .orElseGet(Future::succeededFuture);
        return told.isComplete() ? told : LoopPromise.on(context, told);
    }

    @Override
    public Optional<String> failure(String url) {
        return passage(url).flatMap(Passage::error);
    }

    @Override
    public Optional<String> serverAddress(String url) {
        return passage(url).flatMap(Passage::remoteAddress);
    }

    private Optional<Passage> passage(String url) {
        return browser.get().flatMap(asked -> asked.wayOut().last(url));
    }

    @Override
    public boolean flush() {
        return party.flush();
    }

    @Override
    public boolean isFull() {
        return party.isFull();
    }

    @Override
    public long unwrittenBytes() {
        return party.unwrittenBytes();
    }

    @Override
    public void pause() {
        party.pause();
    }

    @Override
    public void resume() {
        party.resume();
    }

    @Override
    public void close() {
        party.close();
    }

    private record ToListener(Party party, Listener listener) implements Party.Receiver {
        @Override
        public void piece(byte[] bytes, int from, int to, boolean last) {
            listener.piece(bytes, from, to, last);
        }

        @Override
        public void turnEnds() {
            listener.turnEnds();
        }

        @Override
        public void dropped(int entries) {
            throw new IllegalStateException("a client is closed before it misses anything");
        }

        @Override
        public void missed(byte[] head, String sessionId, long bytes) {
            party.close();
            listener.closed(Optional.of("the server has no room for a message of " + bytes + " bytes now"));
        }

        @Override
        public void drained() {
            listener.drained();
        }

        @Override
        public void closed(Optional<String> why) {
            listener.closed(why);
        }
    }
}
