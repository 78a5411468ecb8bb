package dev.berth.http.oneshot;

import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.LogLines.Condition;
import dev.berth.protocol.LogLines.FieldBegins;
import dev.berth.protocol.LogLines.FieldIs;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionCommand.ReadLog;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.LogTail;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a one-shot has met on its way.
 *
 * @param url of the page at the end
 * @param status of the document's response; empty where there was none
 * @param redirects that led to the page, at most {@value #MAX_SHOWN}
 * @param errors of the console, which has a page's exceptions too: the first {@value #MAX_SHOWN}
 */
public record PageReport(
        SessionId sessionId,
        String url,
        String title,
        Optional<Integer> status,
        List<Redirect> redirects,
        List<ConsoleEntry> errors) {
    /** How many redirects and errors are shown. */
    private static final int MAX_SHOWN = 20;
    /** How many entries of a log are looked at. */
    private static final int MAX_ENTRIES = 1_000;

    private static final List<Condition> REDIRECTS =
            List.of(new FieldIs("resourceType", "\"document\""), new FieldBegins("status", "3"));
    private static final List<Condition> ERRORS = List.of(new FieldIs("level", "\"error\""));

    /** A URL that led elsewhere, by its HTTP status. */
    public record Redirect(String url, Optional<Integer> status) {}

    /** Asks the session of a one-shot, which still runs. */
    public static Future<PageReport> of(OneShotRun run, List<SessionReply> replies) {
        Future<SessionDescription> session = run.ask(new DescribeSession());
        Future<LogTail> network = run.ask(new ReadLog(LogKind.NETWORK, 0, MAX_ENTRIES));
        Future<LogTail> console = run.ask(new ReadLog(LogKind.CONSOLE, 0, MAX_ENTRIES));
        return Future.all(session, network, console)
                .map(read -> new PageReport(
                        session.result().sessionId(),
                        session.result().currentUrl(),
                        session.result().title(),
                        status(replies),
                        matches(network.result(), REDIRECTS, NetworkEntry.class)
                                .filter(request -> request.frameId().isEmpty())
                                .map(request -> new Redirect(request.url(), request.status()))
                                .toList(),
                        matches(console.result(), ERRORS, ConsoleEntry.class).toList()));
    }

    /** The HTTP status of the page that was opened. */
    static Optional<Integer> status(List<SessionReply> replies) {
        return replies.stream()
                .filter(NavigationResult.class::isInstance)
                .findFirst()
                .flatMap(opened -> ((NavigationResult) opened).status());
    }

    private static <T> Stream<T> matches(LogTail log, List<Condition> conditions, Class<T> type) {
        LogLines lines = log.lines();
        return IntStream.range(0, lines.count())
                .filter(i -> lines.matches(i, conditions))
                .limit(MAX_SHOWN)
                .mapToObj(i -> lines.as(type, i, i + 1).get(0));
    }
}
