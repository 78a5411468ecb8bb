package dev.berth.http.request;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/**
 * Tells requests that only read from all others, by their operations, and refuses the others to the keys of viewers. A new operation only
 * reads once it is named here. Stands behind what finds the request's key.
 */
public final class Reading implements Handler<RoutingContext> {
    /** The operations that read one session, none of which gives a cookie, a storage state or a link for others. */
    private static final Set<String> OF_A_SESSION = Set.of(
            "getSession",
            "getSessionHealth",
            "getThumbnail",
            "getRecording",
            "listPages",
            "listActions",
            "listSteps",
            "listArtifacts",
            "listFiles",
            "getFile",
            "headFile",
            "getFilesZip",
            "listConsole",
            "listNetwork",
            "getNetworkBody",
            "getTimeline",
            "getHar",
            "getReport",
            "getScript",
            "exportSession");

    /** The operations that read what else a viewer's key may know of its user. */
    private static final Set<String> OF_A_USER =
            Set.of("listSessions", "listRuns", "getRun", "getTestHistory", "listTasks", "getTask", "getMe", "getUsage");

    private static final String OF_SESSION = "berth.reads-session";

    private final boolean ofSession;
    private final boolean ofUser;

    public Reading(String operationId) {
        this.ofSession = OF_A_SESSION.contains(operationId);
        this.ofUser = OF_A_USER.contains(operationId);
    }

    @Override
    public void handle(RoutingContext ctx) {
        ctx.put(OF_SESSION, ofSession);
        if (ofSession || ofUser || Authentication.key(ctx).acts()) {
            ctx.next();
        } else {
            ctx.fail(refusal());
        }
    }

    /** The error for the key of a viewer where more is asked for than to read. */
    public static BerthException refusal() {
        return new BerthException(
                ErrorCode.FORBIDDEN, "a viewer's key can only read and watch sessions", "use a key with the role user");
    }

    /** Whether the request reads one session, and does nothing else. */
    static boolean isOfSession(RoutingContext ctx) {
        return ctx.get(OF_SESSION, false);
    }
}
