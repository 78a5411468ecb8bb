package dev.berth.http;

import dev.berth.http.CdpPolicy.Verdict;
import dev.berth.protocol.EndReason;
import io.vertx.core.Context;
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
 * actions; what the client sends is put together to messages and judged. On the event loop of the client's socket.
 */
final class CdpRelay {
    private static final Logger log = LoggerFactory.getLogger(CdpRelay.class);
    /**
     * Of a client's message. Chrome's buffer for its pipe is 100 MiB, with what is put in; after more it reads no further
     * (devtools_pipe_handler.cc).
     */
    private static final int MAX_MESSAGE_BYTES = (100 << 20) - 1_024;

    private static final int WRITE_QUEUE_BYTES = 1 << 20;
    private static final int MAX_WAITING_ACTIONS = 1_000;

    private static final long PING_MILLIS = 30_000;
    private static final long LEASE_MILLIS = 10_000;
    private static final long TOUCH_NANOS = 1_000_000_000;
    private static final long END_SECONDS = 10;
    private static final long CLOSE_MILLIS = 2_000;
    private static final String LET_RUN = "Runtime.runIfWaitingForDebugger";
    private static final CdpScan SCAN =
            new CdpScan(method -> method.equals(LET_RUN) || CdpPolicy.judges(method) || CdpMeaning.watches(method));

    private final Vertx vertx;
    private final Context context;
    private final CdpLink link;
    private final CdpPolicy policy;
    private final NetSocket client;
    private final ChromeEnd chrome;
    private final CdpActions actions = new CdpActions();
    private final ActionReporter reporter;
    private final FrameWalker walker = new FrameWalker(actions::awaiting, this::replied);
    private final ClientFrames frames;
    private final Heartbeat heartbeat = new Heartbeat();
    /** Frames of our own that wait for Chrome's present one to end. */
    private final Queue<Buffer> controls = new ArrayDeque<>();

    /** Answers of our own that wait for Chrome's present message to end. */
    private final Queue<Buffer> answers = new ArrayDeque<>();

    private final Promise<Void> closed = Promise.promise();

    private long touchedAtNanos;
    private long pingTimer = -1;
    private long leaseTimer = -1;
    private long burstTimer = -1;
    private boolean clientPaused;
    private boolean holding;
    private boolean over;

    CdpRelay(Vertx vertx, CdpLink link, CdpPolicy policy, NetSocket client, ChromeEnd chrome) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.link = link;
        this.policy = policy;
        this.client = client;
        this.chrome = chrome;
        this.frames = new ClientFrames(MAX_MESSAGE_BYTES, new FromClient());
        this.reporter = new ActionReporter(link::record, this::throttleClient);
    }

    /** Completes when the client's socket is closed and its session knows. */
    Future<Void> start() {
        touchedAtNanos = System.nanoTime();
        client.setWriteQueueMaxSize(WRITE_QUEUE_BYTES)
                .drainHandler(drained -> chrome.resume())
                .handler(this::fromClient)
                .exceptionHandler(e -> log.debug("{} CDP client: {}", link.id(), e.toString()))
                .closeHandler(gone -> clientGone());
        pingTimer = vertx.setPeriodic(PING_MILLIS, ignored -> beat());
        leaseTimer = vertx.setPeriodic(LEASE_MILLIS, ignored -> link.touch(false));
        link.ended().onSuccess(reason -> chromeGone());
        chrome.start(new FromChrome());
        chrome.resume();
        client.resume();
        hearWhatWasMissed();
        return closed.future();
    }

    /** A socket that closed before we listened does not say so again. */
    private void hearWhatWasMissed() {
        if (!isActive(client)) {
            clientGone();
        } else if (!chrome.isOpen()) {
            chromeGone();
        }
    }

    private static boolean isActive(NetSocket socket) {
        return ((NetSocketInternal) socket).channelHandlerContext().channel().isActive();
    }

    // Chrome to client

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
        int written = 0;
        for (int at = 0; at < chunk.length(); ) {
            at = walker.advance(chunk, at);
            if (mayInsert()) {
                write(chunk.slice(written, at));
                written = at;
                writeInserts();
            }
        }
        if (written < chunk.length()) {
            write(written == 0 ? chunk : chunk.slice(written, chunk.length()));
        }
        if (client.writeQueueFull()) {
            chrome.pause();
        }
    }

    private boolean mayInsert() {
        return !controls.isEmpty() && walker.atFrameEnd() || !answers.isEmpty() && walker.atMessageEnd();
    }

    /** Control frames may stand between the fragments of a message, others not (RFC 6455, 5.4). */
    private void writeInserts() {
        while (!controls.isEmpty() && walker.atFrameEnd()) {
            write(controls.remove());
        }
        while (!answers.isEmpty() && walker.atMessageEnd()) {
            write(answers.remove());
        }
    }

    /** Answers a command in Chrome's stead. */
    private void answer(String reply) {
        answers.add(Frames.text(reply));
        writeInserts();
    }

    private void control(Buffer frame) {
        controls.add(frame);
        writeInserts();
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
        if (!over && !holding && chrome.flush()) {
            touch();
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
            if (CdpCommand.isMisleading(text, length)) {
                answer(CdpPolicy.malformed("JSON has no NUL and no comments"));
            } else if (SCAN.matters(text, length)) {
                judge(text, length);
            } else {
                chrome.send(text, length);
            }
        }

        @Override
        public void ping(byte[] payload) {
            if (!over) {
                control(Frames.pong(payload));
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

    private void rewritten(byte[] message, CdpCommand command) {
        if (message.length > MAX_MESSAGE_BYTES) {
            answer(CdpPolicy.error(command, "the message is too long"));
        } else {
            chrome.send(message, message.length);
        }
    }

    private void carryOut(Verdict verdict, CdpCommand command, byte[] text, int length) {
        if (verdict instanceof Verdict.Forward) {
            actions.sent(command, Instant.now());
            chrome.send(text, length);
        } else if (verdict instanceof Verdict.Rewrite rewrite) {
            rewritten(rewrite.message(), command);
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
                && (holding || chrome.isFull() || reporter.waiting() + actions.unanswered() > MAX_WAITING_ACTIONS);
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
        if (!controls.isEmpty() || clientPaused) {
            return; // an earlier ping has not even left, or its answer has not been read
        }
        if (heartbeat.beat()) {
            control(Frames.ping());
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
                // A timeout is told on a thread of nobody's.
                .onSuccess(reason -> context.runOnContext(ignored -> closeClient(reason)));
    }

    private void violated(ClientFrames.Violation e) {
        // Where its frames begin is not known any more: what else it sends is nothing.
        client.handler(ignored -> {});
        if (over) {
            abort();
            return;
        }
        part("the client broke the protocol");
        closeClient(new CloseReason(e.closeCode(), e.getMessage()));
    }

    private void clientCloses(byte[] payload) {
        flush();
        if (!over) {
            part("the client left before the browser answered");
            if (walker.atFrameEnd()) {
                write(Frames.close(payload));
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
        chrome.close();
        actions.ended(why, Instant.now());
        reporter.add(actions.take());
        throttleClient();
        reporter.close().eventually(link::detach).onComplete(told -> closed.tryComplete());
    }

    /** Says why, where a frame can stand, and gives the client a moment to answer. */
    private void closeClient(CloseReason reason) {
        if (walker.atFrameEnd()) {
            write(Frames.close(reason));
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

    private void write(Buffer bytes) {
        client.write(bytes).onFailure(this::ignored);
    }

    /** A socket that fails closes, and that is heard. */
    private void ignored(Throwable e) {
        log.debug("{} CDP: {}", link.id(), e.toString());
    }
}
