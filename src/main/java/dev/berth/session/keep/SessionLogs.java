package dev.berth.session.keep;

import dev.berth.browser.BrowserListener.ResponseBody;
import dev.berth.clock.Scheduler;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.ConsoleLevel;
import dev.berth.protocol.KeptBody;
import dev.berth.protocol.LogCommand.FollowLogs;
import dev.berth.protocol.LogCommand.UnfollowLogs;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionCommand.ReadBodies;
import dev.berth.protocol.SessionCommand.ReadConsole;
import dev.berth.protocol.SessionCommand.ReadNetwork;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.BodyTail;
import dev.berth.protocol.SessionReply.ConsoleTail;
import dev.berth.protocol.SessionReply.LogsFollowed;
import dev.berth.protocol.SessionReply.NetworkTail;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The console and network logs of one session. Runs on the session's context. */
public final class SessionLogs {
    /** Memory of a line beyond its bytes. */
    private static final int LINE_BYTES = 32;

    private final LogBuffer<byte[]> console;
    private final LogBuffer<byte[]> network;
    private final LogBuffer<byte[]> bodyLog;
    private final Bodies bodies;
    private final Redaction redaction;
    private final HiddenTexts hidden;
    private final LogFollowers followers;

    /**
     * @param user the owner of the session
     * @param bodySealer the same for bodies, which count as files
     * @param kept counts the bodies
     * @param redaction of what requests send and receive
     * @param hidden is replaced in all entries
     * @param budget shared by all sessions of the node
     */
    public SessionLogs(
            Vertx vertx,
            Scheduler scheduler,
            SessionId id,
            long user,
            ChunkSealer<byte[]> sealer,
            ChunkSealer<byte[]> bodySealer,
            ChunkMerging.Merger merger,
            LogBudget budget,
            KeptBytes kept,
            Redaction redaction,
            HiddenTexts hidden) {
        this.console = new LogBuffer<>(
                scheduler, id, LogKind.CONSOLE, sealer, merger, SessionLogs::bytes, SessionLogs::droppedLines, budget);
        this.network = new LogBuffer<>(
                scheduler,
                id,
                LogKind.NETWORK,
                sealer,
                merger,
                SessionLogs::bytes,
                SessionLogs::droppedRequests,
                budget);
        this.bodyLog = new LogBuffer<>(
                scheduler, id, LogKind.BODIES, bodySealer, merger, SessionLogs::bytes, SessionLogs::noMark, budget);
        this.hidden = hidden;
        this.bodies = new Bodies(vertx, bodyLog, kept, text -> redaction.tryApply(hidden.hide(text)));
        this.redaction = redaction;
        this.followers = new LogFollowers(
                vertx,
                id,
                Map.of(LogKind.CONSOLE, console, LogKind.NETWORK, network),
                scheduler::nanos,
                budget.batches(),
                user);
    }

    public void append(ConsoleEntry entry) {
        if (console.hasRoom()) {
            console.appendNow(LogLines.line(hidden.now().hideIn(entry, ConsoleEntry.class)));
            followers.grown();
        }
    }

    public void append(NetworkEntry entry) {
        append(entry, Optional.empty());
    }

    /** Appends a request once its body is kept, or it is known that it is not. */
    public void append(NetworkEntry entry, ResponseBody body) {
        bodies.keep(body).onSuccess(kept -> append(entry, Optional.of(kept)));
    }

    private void append(NetworkEntry entry, Optional<KeptBody> body) {
        if (network.hasRoom()) {
            boolean asItIs = body.isEmpty()
                    && entry.requestBody().isEmpty()
                    && entry.messages().isEmpty();
            NetworkEntry kept = asItIs ? entry : entry.kept(redaction.ofEntry(), body);
            network.appendNow(LogLines.line(hidden.now().hideIn(kept, NetworkEntry.class)));
            followers.grown();
        }
    }

    /** No body is refused by the log itself. */
    private static byte[] noMark(long count) {
        throw new IllegalStateException(count + " bodies were refused");
    }

    /** Sends entries to a follower as they come, until its lease ends. */
    public Future<LogsFollowed> follow(FollowLogs follow) {
        return followers.follow(follow);
    }

    public void unfollow(UnfollowLogs unfollow) {
        followers.unfollow(unfollow.followerId());
    }

    private static byte[] droppedLines(long count) {
        return LogLines.line(new ConsoleEntry(
                ConsoleLevel.WARN,
                dropped(count, "lines"),
                Instant.now(),
                Optional.empty(),
                Optional.empty(),
                "berth"));
    }

    private static byte[] droppedRequests(long count) {
        return LogLines.line(new NetworkEntry(
                "",
                "",
                Optional.empty(),
                0,
                0,
                "dropped",
                "",
                Instant.now(),
                false,
                false,
                Optional.of(dropped(count, "requests")),
                Map.of(),
                Map.of()));
    }

    private static String dropped(long count, String what) {
        return count + " " + what + " are missing here: they came faster than they could be kept";
    }

    public ConsoleTail read(ReadConsole read) {
        return new ConsoleTail(
                console.total(),
                console.chunks(read.offset(), read.limit()),
                Math.max(read.offset(), console.firstWaiting()),
                LogLines.of(console.waiting(read.offset(), read.limit(), SessionReply.MAX_TAIL_BYTES)));
    }

    public NetworkTail read(ReadNetwork read) {
        return new NetworkTail(
                network.total(),
                network.chunks(read.offset(), read.limit()),
                Math.max(read.offset(), network.firstWaiting()),
                LogLines.of(network.waiting(read.offset(), read.limit(), SessionReply.MAX_TAIL_BYTES)));
    }

    public BodyTail read(ReadBodies read) {
        return new BodyTail(
                bodyLog.total(),
                bodyLog.chunks(read.offset(), read.limit()),
                Math.max(read.offset(), bodyLog.firstWaiting()),
                LogLines.of(bodyLog.waiting(read.offset(), read.limit(), SessionReply.MAX_TAIL_BYTES)));
    }

    public Future<Void> flush() {
        return bodies.settled()
                .compose(settled -> Future.join(console.flush(), bodyLog.flush(), network.flush()))
                .mapEmpty();
    }

    /**
     * To be called when the session is over. Completes when its small chunks are merged; fails if they stay as they
     * are.
     */
    public Future<Void> close() {
        console.close();
        network.close();
        bodyLog.close();
        followers.close();
        return console.mergeRest().compose(merged -> network.mergeRest()).compose(merged -> bodyLog.mergeRest());
    }

    private static int bytes(byte[] line) {
        return LINE_BYTES + line.length;
    }
}
