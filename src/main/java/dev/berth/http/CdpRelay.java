package dev.berth.http;

import dev.berth.http.CdpPolicy.Verdict;
import dev.berth.protocol.EndReason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins a CDP client with Chrome. What Chrome sends goes to the client unread, but for the replies to commands that are
 * actions; what the client sends is put together to messages and judged. On the event loop of both sockets.
 */
final class CdpRelay {
    private static final Logger log = LoggerFactory.getLogger(CdpRelay.class);
    private static final int MAX_MESSAGE_BYTES = 128 << 20;
    private static final int WRITE_QUEUE_BYTES = 1 << 20;
    private static final int MAX_WAITING_ACTIONS = 1_000;
    /** So many in flight, and the client does not wait for each by itself. */
    private static final int MANY = 8;

    private static final long PING_MILLIS = 30_000;
    private static final long LEASE_MILLIS = 10_000;
    private static final long TOUCH_NANOS = 1_000_000_000;
    private static final long END_SECONDS = 10;
    private static final long CLOSE_MILLIS = 2_000;
    private static final String LET_RUN = "Runtime.runIfWaitingForDebugger";
    private static final CdpScan SCAN =
            new CdpScan(method -> method.equals(LET_RUN) || CdpPolicy.judges(method) || CdpMeaning.watches(method));

    private final Vertx vertx;
    private final CdpLink link;
    private final CdpPolicy policy;
    private final NetSocket client;
    private final NetSocket chrome;
    private final CdpActions actions = new CdpActions();
    private final ActionReporter reporter;
    private final FrameWalker walker = new FrameWalker(actions::awaiting, this::replied);
    private final ClientFrames frames = new ClientFrames(MAX_MESSAGE_BYTES, new FromClient());
    private final Heartbeat heartbeat = new Heartbeat();
    /** Frames of our own that wait for Chrome's present one to end. */
    private final Queue<Buffer> inserts = new ArrayDeque<>();

    private final Promise<Void> closed = Promise.promise();
    private final PacedReads chromeReads;
    /** How many messages the client would have to have sent, if all of Chrome's were answers. */
    private long sent;

    private Buffer forChrome = Buffer.buffer();
    private long touchedAtNanos;
    private long pingTimer = -1;
    private long leaseTimer = -1;
    private long burstTimer = -1;
    private boolean clientPaused;
    private boolean holding;
    private boolean over;

    CdpRelay(Vertx vertx, CdpLink link, CdpPolicy policy, NetSocket client, ChromeSocket chrome) {
        this.vertx = vertx;
        this.link = link;
        this.policy = policy;
        this.client = client;
        this.chrome = chrome.socket();
        this.chromeReads = new PacedReads(this.chrome);
        this.reporter = new ActionReporter(link::record, this::throttleClient);
    }

    /** Completes when the client's socket is closed and its session knows. */
    Future<Void> start(Buffer early) {
        touchedAtNanos = System.nanoTime();
        client.setWriteQueueMaxSize(WRITE_QUEUE_BYTES)
                .drainHandler(drained -> chromeReads.resume())
                .handler(this::fromClient)
                .exceptionHandler(e -> log.debug("{} CDP client: {}", link.id(), e.toString()))
                .closeHandler(gone -> clientGone());
        chrome.setWriteQueueMaxSize(WRITE_QUEUE_BYTES)
                .drainHandler(drained -> throttleClient())
                .handler(this::fromChrome)
                .exceptionHandler(e -> log.debug("{} CDP: {}", link.id(), e.toString()))
                .closeHandler(gone -> chromeGone());
        pingTimer = vertx.setPeriodic(PING_MILLIS, ignored -> beat());
        leaseTimer = vertx.setPeriodic(LEASE_MILLIS, ignored -> link.touch(false));
        link.ended().onSuccess(reason -> chromeGone());
        if (early.length() > 0) {
            fromChrome(early);
        }
        chromeReads.resume();
        client.resume();
        hearWhatWasMissed();
        return closed.future();
    }

    /** A socket that closed before we listened does not say so again. */
    private void hearWhatWasMissed() {
        if (!isActive(client)) {
            clientGone();
        } else if (!isActive(chrome)) {
            chromeGone();
        }
    }

    private static boolean isActive(NetSocket socket) {
        return ((NetSocketInternal) socket).channelHandlerContext().channel().isActive();
    }

    // Chrome to client

    private void fromChrome(Buffer chunk) {
        if (over) {
            return;
        }
        touch();
        int written = 0;
        for (int at = 0; at < chunk.length(); ) {
            at = walker.advance(chunk, at);
            if (!inserts.isEmpty() && walker.atBoundary()) {
                write(client, chunk.slice(written, at));
                written = at;
                writeInserts();
            }
        }
        if (written < chunk.length()) {
            write(client, written == 0 ? chunk : chunk.slice(written, chunk.length()));
        }
        if (client.writeQueueFull()) {
            chromeReads.pause();
        } else if (unanswered() >= MANY) {
            chromeReads.rest();
        }
    }

    private void writeInserts() {
        while (!inserts.isEmpty()) {
            write(client, inserts.remove());
        }
    }

    /** At least so many commands have no answer yet: each of Chrome's messages is taken for one. */
    private long unanswered() {
        sent = Math.max(sent, walker.messages());
        return sent - walker.messages();
    }

    /** Answers a command in Chrome's stead. */
    private void answer(String reply) {
        sent--;
        insert(Frames.text(reply));
    }

    /** Puts a frame of our own in between Chrome's. */
    private void insert(Buffer frame) {
        inserts.add(frame);
        if (walker.atBoundary()) {
            writeInserts();
        }
    }

    private void replied(byte[] head, int length) {
        OptionalLong id = CdpReply.id(head, length);
        if (id.isPresent() && actions.awaits(id.getAsLong())) {
            actions.replied(CdpReply.parse(id.getAsLong(), head, length), Instant.now());
            report();
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
        flush();
        throttleClient();
    }

    private void flush() {
        if (forChrome.length() > 0 && !holding) {
            Buffer messages = forChrome;
            forChrome = Buffer.buffer();
            touch();
            write(chrome, messages);
        }
    }

    /** A new page starts as soon as any of Chrome's clients lets it: not before the session watches it. */
    private void hold() {
        if (!holding) {
            holding = true;
            link.watching().onComplete(watched -> {
                holding = false;
                if (!over) {
                    flush();
                    throttleClient();
                }
            });
        }
    }

    private final class FromClient implements ClientFrames.Listener {
        @Override
        public void message(byte[] text, int length) {
            if (over) {
                return;
            }
            sent++;
            if (SCAN.matters(text, length)) {
                judge(text, length);
            } else {
                Frames.appendForChrome(forChrome, text, length);
            }
        }

        @Override
        public void ping(byte[] payload) {
            if (!over) {
                insert(Frames.pong(payload));
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

    private void judge(byte[] text, int length) {
        try {
            CdpCommand command = CdpCommand.parse(text, length);
            if (command.method().equals(LET_RUN)) {
                hold();
            }
            carryOut(policy.judge(command, text, length), command, text, length);
            report();
        } catch (CdpCommand.Malformed e) {
            answer(CdpPolicy.malformed(e.getMessage()));
        }
    }

    private void carryOut(Verdict verdict, CdpCommand command, byte[] text, int length) {
        if (verdict instanceof Verdict.Forward) {
            actions.sent(command, Instant.now());
            Frames.appendForChrome(forChrome, text, length);
        } else if (verdict instanceof Verdict.Rewrite rewrite) {
            Frames.appendForChrome(forChrome, rewrite.message(), rewrite.message().length);
        } else if (verdict instanceof Verdict.Refuse refuse) {
            actions.refused(command, refuse.why(), Instant.now());
            answer(CdpPolicy.error(command, refuse.why()));
        } else if (verdict instanceof Verdict.Answer) {
            answer(CdpPolicy.emptyResult(command));
        } else if (verdict instanceof Verdict.EndSession) {
            answer(CdpPolicy.emptyResult(command));
            link.end(EndReason.CLIENT);
        }
    }

    /** A client that is faster than Chrome or the action log waits. */
    private void throttleClient() {
        boolean wait = !over
                && (holding
                        || chrome.writeQueueFull()
                        || reporter.waiting() + actions.unanswered() > MAX_WAITING_ACTIONS);
        if (wait && !clientPaused) {
            client.pause();
        } else if (!wait && clientPaused) {
            client.resume();
        }
        clientPaused = wait;
    }

    // Action log and timers

    private void report() {
        reporter.add(actions.take());
        if (actions.inBurst() && burstTimer < 0) {
            burstTimer = vertx.setTimer(CdpActions.BURST_GAP.toMillis(), ignored -> {
                burstTimer = -1;
                actions.tick(Instant.now());
                report();
            });
        }
        throttleClient();
    }

    /** The session hears of frames once a second at the most. */
    private void touch() {
        long now = System.nanoTime();
        if (now - touchedAtNanos >= TOUCH_NANOS) {
            touchedAtNanos = now;
            link.touch(true);
        }
    }

    private void beat() {
        if (over) {
            return;
        }
        actions.expire(Instant.now());
        report();
        if (!inserts.isEmpty() || clientPaused) {
            return; // an earlier ping has not even left, or its answer has not been read
        }
        if (heartbeat.beat()) {
            insert(Frames.ping());
        } else {
            log.debug("{} a CDP client is silent", link.id());
            abort();
        }
    }

    // The end

    /** Chrome is gone: the session tells why. */
    private void chromeGone() {
        if (over) {
            return;
        }
        part("the browser was gone before it answered");
        link.ended()
                .timeout(END_SECONDS, TimeUnit.SECONDS)
                .map(CloseReason::of)
                .otherwise(new CloseReason(CloseReason.ENDED, "the browser closed the connection"))
                .onSuccess(this::closeClient);
    }

    private void violated(ClientFrames.Violation e) {
        if (over) {
            abort();
            return;
        }
        part("the client broke the protocol");
        closeClient(new CloseReason(e.closeCode(), e.getMessage()));
    }

    private void clientCloses(byte[] payload) {
        if (!over) {
            part("the client left before the browser answered");
            if (walker.atBoundary()) {
                writeInserts();
                write(client, Frames.close(payload));
            }
        }
        closeTcp();
    }

    private void clientGone() {
        if (!over) {
            part("the client left before the browser answered");
        }
        link.close();
    }

    /** The server stops. */
    Future<Void> stop(CloseReason reason) {
        if (!over) {
            part("the server stopped");
            closeClient(reason);
        }
        return closed.future();
    }

    /** Nothing is relayed from here on; the session hears what there is to tell, and that the client has left. */
    private void part(String why) {
        over = true;
        vertx.cancelTimer(pingTimer);
        vertx.cancelTimer(leaseTimer);
        vertx.cancelTimer(burstTimer);
        chromeReads.resume();
        chrome.close().onFailure(this::ignored);
        actions.ended(why, Instant.now());
        reporter.add(actions.take());
        throttleClient();
        reporter.close().eventually(link::detach).onComplete(told -> closed.tryComplete());
    }

    /** Says why, where a frame can stand, and gives the client a moment to answer. */
    private void closeClient(CloseReason reason) {
        if (walker.atBoundary()) {
            writeInserts();
            write(client, Frames.close(reason));
            long timer = vertx.setTimer(CLOSE_MILLIS, ignored -> abort());
            client.closeHandler(gone -> {
                vertx.cancelTimer(timer);
                clientGone();
            });
        } else {
            closeTcp();
        }
    }

    /** What was written goes out first, unless the client does not read it. */
    private void closeTcp() {
        long timer = vertx.setTimer(CLOSE_MILLIS, ignored -> abort());
        client.close().onComplete(gone -> vertx.cancelTimer(timer));
    }

    private void abort() {
        ((NetSocketInternal) client).channelHandlerContext().channel().close();
    }

    private void write(NetSocket socket, Buffer bytes) {
        socket.write(bytes).onFailure(this::ignored);
    }

    /** A socket that fails closes, and that is heard. */
    private void ignored(Throwable e) {
        log.debug("{} CDP: {}", link.id(), e.toString());
    }
}
