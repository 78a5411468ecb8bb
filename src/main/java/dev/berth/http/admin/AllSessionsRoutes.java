package dev.berth.http.admin;

import dev.berth.history.AllSessions;
import dev.berth.history.AllSessions.Listed;
import dev.berth.history.AllSessions.Query;
import dev.berth.http.request.AdminAccess;
import dev.berth.http.request.Answers.Success;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.SessionAccess;
import dev.berth.limits.CountLimit;
import dev.berth.protocol.SessionStatus;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The routes of admins for the sessions of all users. For any event loop. */
public final class AllSessionsRoutes {
    private final AllSessions sessions;
    private final SessionEnds ends;
    private final AdminAccess access;
    private final CountLimit<Long> searches;
    private final boolean readable;

    /**
     * @param searches counts those of each user that look through all sessions
     * @param readable whether admins may read the sessions of other users
     */
    public AllSessionsRoutes(
            AllSessions sessions, SessionEnds ends, AdminAccess access, CountLimit<Long> searches, boolean readable) {
        this.sessions = sessions;
        this.ends = ends;
        this.access = access;
        this.searches = searches;
        this.readable = readable;
    }

    /**
     * A part of the list of sessions.
     *
     * @param contentReadable whether admins may read these sessions
     */
    public record Sessions(List<Listed> sessions, long total, boolean hasMore, boolean contentReadable) {}

    public Future<Sessions> list(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        Query wanted = new Query(
                query.flag("includeTerminated"),
                query.text("status").flatMap(SessionStatus::parse),
                query.text("user"));
        int limit = query.limit(AccessRoutes.DEFAULT_LIMIT);
        return AdminAccess.require(ctx)
                .compose(admin ->
                        searches.during(Authentication.user(ctx), () -> sessions.list(wanted, limit, query.offset())))
                .map(page -> new Sessions(
                        page.sessions(),
                        page.total(),
                        query.offset() + page.sessions().size() < page.total(),
                        readable));
    }

    public Future<Success> end(RoutingContext ctx) {
        return access.admin(ctx)
                .compose(by -> ends.end(by, SessionAccess.id(ctx)))
                .map(ended -> new Success(true));
    }
}
