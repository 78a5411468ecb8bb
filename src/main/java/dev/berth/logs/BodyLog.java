package dev.berth.logs;

import dev.berth.browser.BrowserListener.ResponseBody;
import dev.berth.loop.PendingWork;
import dev.berth.protocol.KeptBody;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.LogLines;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;

/**
 * Keeps the bodies of one session's responses, as a log of their own, so that a thousand bodies are no thousand objects. They count as
 * files of the session. Bodies that come faster than they can be kept are left out. Runs on the session's context.
 */
final class BodyLog {
    /** Limit for bodies that are being redacted, or are not written yet: bytes. */
    static final long MAX_BYTES = SessionLog.OWN_BYTES;

    private static final int MAX_LINE_BYTES = 2 << 20;
    private static final String TOO_FAST = "bodies came faster than they could be kept";

    private final Vertx vertx;
    private final SessionLog log;
    private final LongPredicate room;
    private final Function<String, Optional<String>> redaction;
    private final PendingWork work = new PendingWork();
    private long redacting;

    /** @param room reserves room for a body of some bytes among the session's files; gives whether there was enough */
    BodyLog(Vertx vertx, SessionLog log, LongPredicate room, Function<String, Optional<String>> redaction) {
        this.vertx = vertx;
        this.log = log;
        this.room = room;
        this.redaction = redaction;
    }

    /** Completes when the body is in the log, or it is known why it can't be. Never fails. */
    Future<KeptBody> keep(ResponseBody body) {
        return body.read().map(this::keep).orElseGet(() -> missing(body.missing()));
    }

    private Future<KeptBody> keep(BodyEntry body) {
        long bytes = body.content().length();
        if (redacting + log.unwrittenBytes() + bytes > MAX_BYTES) {
            return missing(TOO_FAST);
        }
        redacting += bytes;
        Future<KeptBody> keeping = vertx.executeBlocking(() -> line(body), false)
                .onComplete(done -> redacting -= bytes)
                .compose(line -> line.map(this::append).orElseGet(() -> missing("it could not be redacted")))
                .otherwise(e -> KeptBody.missing("it could not be kept"));
        work.add(keeping);
        return keeping;
    }

    private Optional<byte[]> line(BodyEntry body) {
        return redaction
                .apply(body.content())
                .map(content -> LogLines.line(new BodyEntry(body.mimeType(), content)))
                .filter(line -> line.length <= MAX_LINE_BYTES);
    }

    private Future<KeptBody> append(byte[] line) {
        if (log.isOver()) {
            return missing("the session is over");
        } else if (!room.test(line.length)) {
            return missing("the session can't keep more files");
        }
        KeptBody place = KeptBody.at(log.total());
        log.append(line);
        return Future.succeededFuture(place);
    }

    private static Future<KeptBody> missing(String why) {
        return Future.succeededFuture(KeptBody.missing(why));
    }

    /** Completes when all that came so far is in the log, or will not be. */
    Future<Void> settled() {
        return work.settled();
    }
}
