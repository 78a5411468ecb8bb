package dev.berth.cdpclient;

import dev.berth.browser.cdp.Party;
import dev.berth.cdpclient.command.CdpPolicy;
import dev.berth.limits.MemoryBudget;
import dev.berth.metrics.RelayCounts;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.FrameSocket;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Relays between a CDP client and Chrome. Chrome's messages are passed on unread, except replies to commands that are actions, and
 * events of targets and of requests. The client's messages are judged. On the event loop of the client's socket.
 */
final class CdpRelay {
    private static final Logger log = LoggerFactory.getLogger(CdpRelay.class);
    private static final long END_SECONDS = 10;
    /** The end of the browser is told by then; else only the client's page has ended. */
    private static final long PAGE_END_SECONDS = 1;

    private final CdpLink link;
    private final ClientEnd client;
    private final Party party;
    private final ActionRecorder actions;
    private final ClientTargets targets;
    private final CommandGate gate;
    private final ChromeInput fromChrome;
    private final MemoryBudget.Share sent;
    private final ClientInput input;
    private final RelayCounts counts;
    private final Optional<MapperTab> mapper;
    private final Promise<Void> closed = Promise.promise();
    private boolean over;

    /**
     * @param user the session's owner
     * @param page the party's own session is that of this page, instead of the browser's
     * @param mapper where the client is a chromedriver that makes one
     */
    CdpRelay(
            Vertx vertx,
            CdpLink link,
            CdpPolicy policy,
            Object user,
            FrameSocket client,
            Party party,
            Optional<String> page,
            Optional<MapperTab> mapper,
            RelayCounts counts) {
        this.link = link;
        this.mapper = mapper;
        this.counts = counts;
        Context context = vertx.getOrCreateContext();
        this.client = new ClientEnd(client, counts);
        this.party = party;
        this.targets = new ClientTargets(page);
        this.actions = new ActionRecorder(context, link::record, targets::pageOf, link::browser, this::throttleClient);
        TargetCommands targetCommands = new TargetCommands(link, targets, party.targetId(), this.client::answer);
        this.gate = new CommandGate(link, policy, actions, targetCommands, mapper, this.client, party, this::released);
        this.sent = ClientInput.MEMORY.share(user);
        this.input = new ClientInput(context, ClientInput.MEMORY, user, gate::pass, new FromClient());
        this.fromChrome = new ChromeInput(
                party,
                this.client,
                link,
                counts,
                new Unproxied(
                        url -> link.browser().flatMap(asked -> asked.outcomes().last(url)), actions::navigatesTo),
                targetCommands,
                actions,
                this::chromeDrained,
                why -> why.ifPresentOrElse(this::tooSlow, this::chromeGone));
    }

    /** Completes when the relay is over and the session has been told. */
    Future<Void> start() {
        link.ended().onSuccess(reason -> chromeGone());
        mapper.ifPresent(tab -> tab.over().onSuccess(this::mapperGone));
        party.start(fromChrome);
        party.resume();
        client.start(new OfClient());
        throttleClient();
        return closed.future();
    }

    private void chromeDrained() {
        account();
        throttleClient();
    }

    /** Counts the commands that are queued for Chrome: they are in memory already, whatever the budget allows. */
    private void account() {
        sent.hold(party.unwrittenBytes());
    }

    private void flush() {
        if (!over && !gate.isHolding() && party.flush()) {
            link.commanded();
        }
    }

    private void released() {
        flush();
        throttleClient();
    }

    private final class OfClient implements FrameSocket.Listener {
        @Override
        public void read(Buffer chunk) {
            counts.toBrowser(chunk.length());
            input.read(chunk);
        }

        @Override
        public void drained() {
            fromChrome.clientDrained();
            throttleClient();
        }

        @Override
        public void beat() {
            actions.expire();
            input.beat();
        }

        /** The client has received nothing for too long, or does not answer. */
        @Override
        public void silent() {
            if (client.isFull()) {
                tooSlow("the client read nothing for too long");
            } else {
                client.abort();
            }
        }

        @Override
        public void gone() {
            if (!over) {
                endRelay("the client left before the browser answered");
            }
            link.close();
        }
    }

    private final class FromClient implements ClientInput.Receiver {
        @Override
        public void read() {
            released();
        }

        @Override
        public void passedLarge() {
            account();
        }

        @Override
        public void ping(byte[] payload) {
            client.pong(payload);
        }

        @Override
        public void close(byte[] payload) {
            flush();
            if (!over) {
                endRelay("the client left before the browser answered");
                client.answerClose(payload);
            }
            client.close();
        }

        @Override
        public void violated(CloseReason reason) {
            if (!over) {
                endRelay("the client violated the protocol");
                client.close(reason);
            }
        }
    }

    /** Stops reading from a client that is faster than Chrome, than the action log, or than its own reading of answers. */
    private void throttleClient() {
        client.throttle(!over
                && (input.isWaiting()
                        || gate.isHolding()
                        || party.isFull()
                        || actions.isBehind()
                        || client.isBehind()));
    }

    /**
     * Chrome is gone: the session gives the reason. The client first gets events that its targets are gone: Puppeteer's
     * {@code waitForRequest} and {@code waitForResponse} end with their page only, not with the connection.
     */
    private void chromeGone() {
        if (over) {
            return;
        }
        targets.endEvents().forEach(client::answer);
        boolean all = targets.ofBrowser();
        endRelay((all ? "the browser" : "the page") + " ended before it answered");
        link.ended()
                .timeout(all ? END_SECONDS : PAGE_END_SECONDS, TimeUnit.SECONDS)
                .map(CloseReason::of)
                .otherwise(new CloseReason(
                        CloseReason.ENDED, all ? "the browser closed the connection" : "the page was closed"))
                .onSuccess(client::close);
    }

    /** The driver can't serve its clients any more, and does not notice. */
    private void mapperGone(String why) {
        if (!over) {
            log.info("{} WebDriver BiDi has ended, and the session with it: {}", link.session(), why);
            endRelay(why);
            client.close(new CloseReason(CloseReason.ENDED, why));
        }
    }

    /** The client could not take as much as Chrome sends. */
    private void tooSlow(String why) {
        if (!over) {
            endRelay(why);
            client.close(new CloseReason(CloseReason.TRY_AGAIN_LATER, why));
        }
    }

    Future<Void> stop(CloseReason reason) {
        if (!over) {
            endRelay("the server stopped");
            client.close(reason);
        }
        return closed.future();
    }

    /** Ends the relay. Reports the last actions and the client's detachment to the session. */
    private void endRelay(String why) {
        over = true;
        mapper.ifPresent(tab -> tab.end(why));
        try {
            input.end();
            gate.discard();
            fromChrome.end();
            chromeDrained();
        } finally {
            // The session counts the client until it is told.
            actions.close(why).eventually(link::detach).onComplete(told -> closed.tryComplete());
        }
    }
}
