package dev.berth.browser.drive.command;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.browser.cdp.CdpConnection.Whole;
import dev.berth.browser.drive.command.CommandMethod.Answer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The hands' connection to one Chrome, and their CDP session of each page: both are made at their first use. On the context given. */
final class PageSessions {
    private final BlockingCalls calls;
    private final Supplier<Future<CdpConnection>> connect;
    private Optional<Future<CdpConnection>> connection = Optional.empty();
    private final Map<String, Future<String>> byTarget = new HashMap<>();

    /** @param connect makes a connection of the hands' own, on the context from which it is called */
    PageSessions(Context context, Supplier<Future<CdpConnection>> connect) {
        this.calls = new BlockingCalls(context);
        this.connect = connect;
    }

    /** A page, as the hands are attached to it. */
    record PageSession(BlockingCalls calls, CdpConnection connection, String id) {
        /** On a thread that may block. */
        Answer sendAndWait(String method, JsonObject params, long timeoutMillis, Whole whole) {
            return calls.await(() -> connection.sendForAll(id, method, params, timeoutMillis, whole, Answer::kept));
        }
    }

    /** On a thread that may block. */
    PageSession await(String targetId) {
        return calls.await(() ->
                connected().compose(made -> attached(made, targetId).map(id -> new PageSession(calls, made, id))));
    }

    private Future<CdpConnection> connected() {
        if (connection.isEmpty()) {
            Future<CdpConnection> connecting = connect.get();
            connection = Optional.of(connecting);
            connecting.onSuccess(this::listen).onFailure(e -> lost());
            return connecting;
        }
        return connection.get();
    }

    private void listen(CdpConnection made) {
        made.onEvent(this::heard);
        made.closed().onSuccess(closed -> lost());
    }

    private void lost() {
        connection = Optional.empty();
        byTarget.clear();
    }

    private Future<String> attached(CdpConnection made, String targetId) {
        Future<String> known = byTarget.get(targetId);
        return known == null ? attach(made, targetId) : known;
    }

    private Future<String> attach(CdpConnection made, String targetId) {
        Future<String> attaching = made.send(
                        CdpConnection.BROWSER,
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", targetId).put("flatten", true))
                .map(attached -> attached.getString("sessionId"));
        byTarget.put(targetId, attaching);
        return attaching.onFailure(e -> byTarget.remove(targetId, attaching));
    }

    /** A page that is closed leaves its session. */
    private void heard(CdpEvent event) {
        if (event.method().equals("Target.detachedFromTarget")) {
            String id = event.params().getString("sessionId");
            byTarget.values()
                    .removeIf(session -> session.succeeded() && session.result().equals(id));
        }
    }

    Future<Void> close() {
        return connection
                .map(connecting -> connecting.transform(
                        made -> made.succeeded() ? made.result().close() : Future.<Void>succeededFuture()))
                .orElse(Future.succeededFuture());
    }
}
