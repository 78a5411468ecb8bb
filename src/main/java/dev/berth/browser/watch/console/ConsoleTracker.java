package dev.berth.browser.watch.console;

import dev.berth.browser.ConnectionOutcomes;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.protocol.ConsoleEntry;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reports the console lines of all targets of one Chrome, and how many of its events are missing. Lives on the browser's context. */
public final class ConsoleTracker {
    private final CdpConnection connection;
    private final Function<String, Optional<String>> pageOf;
    private final ConnectionOutcomes outcomes;
    private final Consumer<ConsoleEntry> logged;
    private final ConsoleGroups groups = new ConsoleGroups();

    /**
     * @param pageOf the page that a session of the eyes belongs to
     * @param outcomes know why the proxy refused a connection of Chrome
     */
    public ConsoleTracker(
            CdpConnection connection,
            Function<String, Optional<String>> pageOf,
            ConnectionOutcomes outcomes,
            Consumer<ConsoleEntry> logged) {
        this.connection = connection;
        this.pageOf = pageOf;
        this.outcomes = outcomes;
        this.logged = logged;
        connection.onOversizedEvent(event -> logged.accept(ConsoleFormatter.missed(event)));
        connection.onDropped(entries -> logged.accept(ConsoleFormatter.dropped(entries)));
    }

    /** Takes the events of the domains {@code Runtime} and {@code Log} that are of the console; others are ignored. */
    public void handle(CdpEvent event) {
        String session = event.sessionId();
        switch (event.method()) {
            case "Runtime.consoleAPICalled" ->
                groups.called(session, event.params()).ifPresent(line -> log(session, line));
            case "Runtime.exceptionThrown" ->
                log(session, groups.within(session, ConsoleFormatter.exception(event.params())));
            case "Runtime.executionContextsCleared" -> groups.left(session);
            case "Log.entryAdded" -> entryAdded(session, event.params());
            default -> {}
        }
    }

    /** Skips what a page repeats of its workers: the eyes are attached to the workers too. */
    private void entryAdded(String session, JsonObject params) {
        JsonObject entry = params.getJsonObject("entry");
        if (!"worker".equals(entry.getString("source"))) {
            entry.put("text", outcomes.explain(entry.getString("text", ""), entry.getString("url", "")));
            log(session, ConsoleFormatter.logEntry(params));
        }
    }

    private void log(String session, ConsoleEntry line) {
        logged.accept(line.on(pageOf.apply(session)));
    }

    /**
     * A navigation was stopped, as its session may not go there.
     *
     * @param allowed where the session may go, for people
     */
    public void stopped(String session, String url, String allowed) {
        log(session, ConsoleFormatter.stopped(url, allowed));
    }

    public void detached(String session) {
        groups.left(session);
    }

    /** The listener is told nothing afterwards. */
    public void stop() {
        connection.onOversizedEvent(event -> {});
        connection.onDropped(entries -> {});
    }
}
