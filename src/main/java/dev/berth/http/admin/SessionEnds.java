package dev.berth.http.admin;

import dev.berth.access.Actor;
import dev.berth.access.AdminLog;
import dev.berth.access.AdminLog.Act;
import dev.berth.history.AllSessions;
import dev.berth.history.AllSessions.Listed;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Ends sessions of any user for an admin. Each has its entry in the log. For any event loop. */
public final class SessionEnds {
    private final SessionClient client;
    private final AllSessions sessions;
    private final AdminLog log;

    /** @param client that may talk to every session */
    public SessionEnds(SessionClient client, AllSessions sessions, AdminLog log) {
        this.client = client;
        this.sessions = sessions;
        this.log = log;
    }

    /** Ends a session; one that has ended already stays as it is. Fails where there is none. */
    Future<Void> end(Actor by, SessionId id) {
        return sessions.find(id)
                .map(found -> found.orElseThrow(
                        () -> new BerthException(ErrorCode.SESSION_NOT_FOUND, "no user has a session with this id")))
                .compose(found -> found.endedAt().isPresent() ? Future.succeededFuture() : end(by, found));
    }

    /** Ends all sessions of a user; gives how many there were. */
    Future<Integer> endOfUser(Actor by, String user) {
        return sessions.live(user).compose(all -> endAll(by, all));
    }

    /** Ends all sessions that this key created; gives how many there were. */
    Future<Integer> endOfKey(Actor by, long keyId) {
        return sessions.live(keyId).compose(all -> endAll(by, all));
    }

    /** All are tried, also where one fails. */
    private Future<Integer> endAll(Actor by, List<Listed> all) {
        return Future.join(all.stream().map(each -> end(by, each)).toList()).map(ended -> all.size());
    }

    private Future<Void> end(Actor by, Listed session) {
        SessionId id = session.sessionId();
        return log.add(by, Act.SESSION_ENDED, id.value(), new JsonObject().put("user", session.user()))
                .compose(told -> client.ask(id, new EndSession(EndReason.ADMIN)).<Void>mapEmpty())
                .recover(e -> ErrorCode.SESSION_NOT_FOUND.isOf(e) ? endLost(id) : Future.failedFuture(e));
    }

    /** No session answers: it has ended meanwhile, or its node is to end what is left of it. */
    private Future<Void> endLost(SessionId id) {
        return client.describe(id)
                .compose(session -> session.endReason().isPresent()
                        ? Future.succeededFuture()
                        : client.endLost(session.machineId(), id).mapEmpty());
    }
}
