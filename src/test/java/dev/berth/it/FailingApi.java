package dev.berth.it;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** An API of which each operation fails at first: connections break, streams break off, the server is not ready. */
final class FailingApi {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Set<String> idempotencyKeys = Collections.synchronizedSet(new HashSet<>());

    /** How often that was asked, without its query. */
    int asked(String methodAndPath) {
        return Collections.frequency(asked, methodAndPath);
    }

    Set<String> idempotencyKeys() {
        return idempotencyKeys;
    }

    void answer(HttpServerRequest request) {
        String what = request.method() + " " + request.path();
        asked.add(what);
        boolean first = asked(what) == 1;
        switch (what) {
            case "POST /api/sessions" -> create(request, first);
            case "GET /api/sessions/session-1" -> describe(request, first);
            case "GET /api/sessions/session-1/events" -> follow(request);
            case "GET /api/agent/task-1/events" -> ask(request);
            case "GET /api/agent/task-1/status" -> json(request, 200, """
                    {"success":true,"data":{"taskId":"task-1","status":"waiting"}}""");
            default -> request.connection().close();
        }
    }

    private void create(HttpServerRequest request, boolean first) {
        idempotencyKeys.add(request.getHeader("Idempotency-Key"));
        if (first) {
            request.connection().close();
        } else {
            json(request, 201, """
                    {"sessionId":"session-1","status":"creating"}""");
        }
    }

    private void describe(HttpServerRequest request, boolean first) {
        if (first) {
            json(request, 503, """
                    {"error":{"code":"not_ready","message":"not yet","hint":null,"retryable":true,"requestId":"1"}}""");
        } else {
            json(request, 200, """
                    {"sessionId":"session-1","status":"running"}""");
        }
    }

    /** Breaks off within the third event, then tells it, and then there is nothing more. */
    private void follow(HttpServerRequest request) {
        switch (request.getParam("lastEventId")) {
            case "0" -> {
                stream(request).write("retry: 10\nid: 0\n\n" + event(1) + event(2) + "id: 3\nevent: con");
                request.response()
                        .write("sole\ndata: {\"mess")
                        .onComplete(sent -> request.connection().close());
            }
            case "2" ->
                stream(request)
                        .end(":\n\n" + event(3) + "event: error\ndata: " + new JsonObject("""
                        {"code":"not_ready","message":"the server is stopping","retryable":true}""").encode() + "\n\n");
            default -> request.response().setStatusCode(204).end();
        }
    }

    private static String event(int id) {
        return "id: " + id + "\nevent: console\ndata: {\"message\":\"é\"}\n\n";
    }

    private void ask(HttpServerRequest request) {
        stream(request).write("id: 0\n\nid: 1\nevent: status\ndata: {\"status\":\"waiting\"}\n\n");
    }

    private static HttpServerResponse stream(HttpServerRequest request) {
        return request.response().putHeader("Content-Type", "text/event-stream").setChunked(true);
    }

    private static void json(HttpServerRequest request, int status, String body) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject(body).toBuffer());
    }
}
