package dev.berth.example;

import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.ConsoleEntry.ConsoleLevel;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Set;

/** Counts the errors that the pages of a session log, ends the session at the third, and publishes their number. */
public final class ErrorCounter extends VerticleBase {
    private final SessionId session;
    private SessionClient client;
    private long errors;

    public ErrorCounter(SessionId session) {
        this.session = session;
    }

    @Override
    public Future<?> start() {
        client = new SessionClient(vertx);
        return client.followLogs(session, Set.of(LogKind.CONSOLE), this::count);
    }

    private void count(LogAppended log) {
        long before = errors;
        for (ConsoleEntry line : log.lines().as(ConsoleEntry.class)) {
            errors += line.level() == ConsoleLevel.ERROR ? 1 : 0;
        }
        if (before < 3 && errors >= 3) {
            client.end(session).onComplete(over -> vertx.eventBus().publish("errors", errors));
        }
    }
}
