package dev.berth.http.request;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/** Tells requests that only read from all others, by their operations: a new operation only reads once it is named here. */
public final class Reading implements Handler<RoutingContext> {
    /** The operations that read one session, none of which gives a cookie, a storage state or a link for others. */
    private static final Set<String> OF_A_SESSION = Set.of(
            "getSession",
            "getSessionHealth",
            "getThumbnail",
            "listPages",
            "listActions",
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

    private static final String OF_SESSION = "berth.reads-session";

    private final boolean ofSession;

    public Reading(String operationId) {
        this.ofSession = OF_A_SESSION.contains(operationId);
    }

    @Override
    public void handle(RoutingContext ctx) {
        ctx.put(OF_SESSION, ofSession);
        ctx.next();
    }

    /** Whether the request reads one session, and does nothing else. */
    static boolean isOfSession(RoutingContext ctx) {
        return ctx.get(OF_SESSION, false);
    }
}
