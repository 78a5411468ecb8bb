package dev.berth.logs;

import dev.berth.browser.BrowserListener.ResponseBody;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.ConsoleEntry.ConsoleLevel;
import dev.berth.protocol.KeptBody;
import dev.berth.protocol.LogCommand.FollowLogs;
import dev.berth.protocol.LogCommand.UnfollowLogs;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionCommand.ReadLog;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.LogTail;
import dev.berth.protocol.SessionReply.LogsFollowed;
import dev.berth.secrets.HiddenTexts;
import dev.berth.secrets.Redaction;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/** The console and network logs of one session. Runs on the session's context. */
public final class SessionLogs {
    private final SessionLog console;
    private final SessionLog network;
    private final SessionLog bodyLog;
    private final BodyLog bodies;
    private final Redaction redaction;
    private final HiddenTexts hidden;
    private final LogFollowers followers;
    private long consoleErrors;
    private long failedRequests;

    /**
     * @param kept receives by how many bytes the logs take more of the session's quota, or less
     * @param bodyRoom reserves room for a body of some bytes among the session's files; gives whether there was enough
     * @param redaction of what requests send and receive
     * @param hidden is replaced in all entries
     */
    public SessionLogs(
            Vertx vertx,
            Scheduler scheduler,
            SessionId id,
            LogShipper shipper,
            LongConsumer kept,
            LongPredicate bodyRoom,
            Redaction redaction,
            HiddenTexts hidden) {
        this.console = new SessionLog(
                vertx, scheduler, new LogName(id, LogKind.CONSOLE), shipper, SessionLogs::droppedLines, kept);
        this.network = new SessionLog(
                vertx, scheduler, new LogName(id, LogKind.NETWORK), shipper, SessionLogs::droppedRequests, kept);
        this.bodyLog = new SessionLog(
                vertx, scheduler, new LogName(id, LogKind.BODIES), shipper, SessionLogs::noMark, none -> {});
        this.hidden = hidden;
        this.bodies = new BodyLog(vertx, bodyLog, bodyRoom, text -> redaction.tryApply(hidden.hide(text)));
        this.redaction = redaction;
        this.followers = new LogFollowers(
                vertx, id, Map.of(LogKind.CONSOLE, console, LogKind.NETWORK, network), scheduler::nanos);
    }

    /** How many lines of the level {@code error} came, also of those that found no room. */
    public long consoleErrors() {
        return consoleErrors;
    }

    /** How many requests got no response, or one with a status from 400 on; likewise. */
    public long failedRequests() {
        return failedRequests;
    }

    public void append(ConsoleEntry entry) {
        consoleErrors += entry.level() == ConsoleLevel.ERROR ? 1 : 0;
        if (console.hasRoom()) {
            console.append(LogLines.line(hidden.now().hideIn(entry, ConsoleEntry.class)));
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
        failedRequests += entry.failed() ? 1 : 0;
        if (network.hasRoom()) {
            boolean asItIs = body.isEmpty()
                    && entry.requestBody().isEmpty()
                    && entry.messages().isEmpty();
            NetworkEntry kept = asItIs ? entry : entry.kept(redaction.ofEntry(), body);
            network.append(LogLines.line(hidden.now().hideIn(kept, NetworkEntry.class)));
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

    public Future<LogTail> read(ReadLog read) {
        SessionLog log =
                switch (read.log()) {
                    case CONSOLE -> console;
                    case NETWORK -> network;
                    case BODIES -> bodyLog;
                };
        return log.read(read.offset(), read.limit());
    }

    /** Completes when all entries are on disk, and in the object store, too, if that does not take long. Fails if the disk does not take them. */
    public Future<Void> flush() {
        return bodies.settled()
                .compose(settled -> Future.join(console.flush(), bodyLog.flush(), network.flush()))
                .mapEmpty();
    }

    /** To be called when the session is over. */
    public void close() {
        console.close();
        network.close();
        bodyLog.close();
        followers.close();
    }
}
