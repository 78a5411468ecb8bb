package dev.berth.relay;

import dev.berth.clock.LivedTime;
import dev.berth.memory.MemoryBudget;
import dev.berth.relay.command.CdpPolicy;
import dev.berth.relay.command.CommandText;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.Heartbeat;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins a CDP client with Chrome. What Chrome sends goes to the client unread, but for the replies to commands that are
 * actions; what the client sends is put together to messages and judged. On the event loop of the client's socket.
 */
public final class CdpRelay {
    /** For the messages of all CDP clients: one for the process, whose memory it is. */
    static final MemoryBudget MEMORY = memory(Runtime.getRuntime().maxMemory());

    private static final Logger log = LoggerFactory.getLogger(CdpRelay.class);
    private static final long PING_MILLIS = 30_000;
    private static final long LEASE_MILLIS = 10_000;
    private static final long TOUCH_NANOS = 1_000_000_000;
    private static final long END_SECONDS = 10;

    private final Vertx vertx;
    private final Context context;
    private final CdpLink link;
    private final ClientEnd client;
    private final ChromeEnd chrome;
    private final ActionRecorder actions;
    private final ClientTargets targets = new ClientTargets();
    private final ClaimedPages pages;
    private final CommandGate gate;
    private final ClientFrames frames;
    private final Intake intake;
    private final Heartbeat heartbeat = new Heartbeat();
    private final Promise<Void> closed = Promise.promise();

    private long touchedAtNanos;
    private long beatenAtNanos = LivedTime.nanos();
    private long pingTimer = -1;
    private long leaseTimer = -1;
    private boolean over;

    /** @param user whose session it is */
    public CdpRelay(Vertx vertx, CdpLink link, CdpPolicy policy, Object user, NetSocket client, ChromeEnd chrome) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.link = link;
        this.actions = new ActionRecorder(vertx, link::record, targets::pageOf, this::throttleClient);
        this.client = new ClientEnd(
                vertx, link.id().toString(), client, new FrameWalker(actions::awaitsReplies, this::heard));
        this.chrome = chrome;
        this.pages = new ClaimedPages(targets::pageOf, link::claimDialogs);
        this.gate = new CommandGate(
                link,
                policy,
                actions,
                new TargetCommands(link, targets, chrome.targetId(), this.client::answer),
                pages,
                this.client,
                chrome,
                this::released);
        this.frames = new ClientFrames(CommandGate.MAX_MESSAGE_BYTES, new FromClient());
        this.intake = new Intake(frames, MEMORY.share(user, () -> context.runOnContext(ignored -> roomCame())));
    }

    static MemoryBudget memory(long heapBytes) {
        return MemoryBudget.ofMessages(heapBytes, CommandGate.MAX_MESSAGE_BYTES + 2L * CommandText.PIECE_BYTES);
    }

    /** Completes when nothing is relayed any more and the session knows. */
    public Future<Void> start() {
        touchedAtNanos = System.nanoTime();
        client.start(new FromClient());
        pingTimer = vertx.setPeriodic(PING_MILLIS, ignored -> beat());
        leaseTimer = vertx.setPeriodic(LEASE_MILLIS, ignored -> link.touch(false));
        link.ended().onSuccess(reason -> chromeGone());
        chrome.start(new FromChrome());
        chrome.resume();
        throttleClient();
        hearWhatWasMissed();
        return closed.future();
    }

    /** A socket that closed before we listened does not say so again. */
    private void hearWhatWasMissed() {
        if (!client.isOpen()) {
            clientGone();
        } else if (!chrome.isOpen()) {
            chromeGone();
        }
    }

    // Chrome to client

    private void heard(byte[] head, int length) {
        if (targets.told(head, length)) {
            pages.review();
        }
        actions.replied(head, length);
    }

    private final class FromChrome implements ChromeEnd.Listener {
        @Override
        public void frames(Buffer chunk) {
            if (!over) {
                fromChrome(chunk);
            }
        }

        @Override
        public void drained() {
            throttleClient();
        }

        @Override
        public void closed() {
            chromeGone();
        }
    }

    private void fromChrome(Buffer chunk) {
        touch();
        client.relay(chunk);
        if (client.isFull()) {
            chrome.pause();
        }
    }

    // Client to Chrome

    private void fromClient(Buffer chunk) {
        heartbeat.heard();
        try {
            frames.feed(chunk.getBytes());
        } catch (ClientFrames.Violation e) {
            violated(e);
            return;
        }
        if (!over) {
            intake.received();
        }
        flush();
        throttleClient();
    }

    private void roomCame() {
        intake.roomCame();
        throttleClient();
    }

    private void flush() {
        if (!over && !gate.isHolding() && chrome.flush()) {
            touch();
        }
    }

    private void released() {
        if (!over) {
            flush();
            throttleClient();
        }
    }

    private final class FromClient implements ClientEnd.Listener, ClientFrames.Listener {
        @Override
        public void read(Buffer chunk) {
            fromClient(chunk);
        }

        @Override
        public void drained() {
            // When it is over, others may have Chrome's end already.
            if (!over && !client.isFull()) {
                chrome.resume();
            }
            throttleClient();
        }

        @Override
        public void gone() {
            clientGone();
        }

        @Override
        public void message(CommandText text) {
            if (!over) {
                gate.pass(text);
                intake.ended();
            }
        }

        @Override
        public void ping(byte[] payload) {
            if (!over) {
                client.pong(payload);
            }
        }

        @Override
        public void pong() {
            // That it came is what counts.
        }

        @Override
        public void close(byte[] payload) {
            clientCloses(payload);
        }
    }

    /** A client that is faster than Chrome, the action log, or itself at taking answers, waits. */
    private void throttleClient() {
        boolean throttled = isThrottled();
        if (throttled) {
            intake.throttled();
        }
        client.throttle(throttled || !over && client.isBehind());
    }

    /** Whether it waits for others. */
    private boolean isThrottled() {
        return !over && (intake.isWaiting() || gate.isHolding() || chrome.isFull() || actions.isBehind());
    }

    // Timers

    /** The session hears of frames once a second at the most. */
    private void touch() {
        long now = System.nanoTime();
        if (now - touchedAtNanos >= TOUCH_NANOS) {
            touchedAtNanos = now;
            link.touch(true);
        }
    }

    private void beat() {
        long now = LivedTime.nanos();
        // A periodic timer makes up for what it missed while the process was stopped.
        if (over || now - beatenAtNanos < TimeUnit.MILLISECONDS.toNanos(PING_MILLIS) / 2) {
            return;
        }
        beatenAtNanos = now;
        actions.expire();
        try {
            intake.beat(isThrottled());
        } catch (ClientFrames.Violation e) {
            violated(e);
            return;
        }
        if (client.isWriting()) {
            if (client.hasTaken()) {
                heartbeat.heard();
            }
        } else if (client.hasWaitingControl() || client.isPaused()) {
            return; // an earlier ping has not even left, or its answer would not be read
        }
        if (!heartbeat.beat()) {
            log.debug("{} a CDP client is silent", link.id());
            client.abort();
        } else if (!client.hasWaitingControl()) {
            client.ping();
        }
    }

    // The end

    /** Chrome is gone: the session tells why. A client that waits for something of a page hears at once that this is gone, too. */
    private void chromeGone() {
        if (over) {
            return;
        }
        targets.farewell().forEach(client::answer);
        part("the browser was gone before it answered");
        link.ended()
                .timeout(END_SECONDS, TimeUnit.SECONDS)
                .map(CloseReason::of)
                .otherwise(new CloseReason(CloseReason.ENDED, "the browser closed the connection"))
                // A timeout is told on a thread of nobody's.
                .onSuccess(reason -> context.runOnContext(ignored -> client.close(reason)));
    }

    private void violated(ClientFrames.Violation e) {
        client.ignoreInput();
        if (over) {
            client.abort();
            return;
        }
        part("the client broke the protocol");
        client.close(new CloseReason(e.closeCode(), e.getMessage()));
    }

    private void clientCloses(byte[] payload) {
        flush();
        if (!over) {
            part("the client left before the browser answered");
            client.answerClose(payload);
        }
        client.close();
    }

    private void clientGone() {
        if (!over) {
            part("the client left before the browser answered");
        }
        link.close();
    }

    /** The server stops. */
    public Future<Void> stop(CloseReason reason) {
        if (!over) {
            part("the server stopped");
            client.close(reason);
        }
        return closed.future();
    }

    /** Nothing is relayed from here on; the session hears what there is to tell, and that the client has left. */
    private void part(String why) {
        over = true;
        frames.discard();
        gate.discard();
        intake.release();
        vertx.cancelTimer(pingTimer);
        vertx.cancelTimer(leaseTimer);
        chrome.close();
        throttleClient();
        actions.close(why).eventually(link::detach).onComplete(told -> closed.tryComplete());
    }
}
