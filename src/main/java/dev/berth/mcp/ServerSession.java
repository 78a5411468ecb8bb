package dev.berth.mcp;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/**
 * A session of MCP at a server's {@code /mcp}, begun again where the server has ended it; and the client's requests that stand alone.
 * On one event loop.
 */
final class ServerSession {
    private static final String SESSION = "Mcp-Session-Id";
    private static final JsonObject INITIALIZED =
            new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized");

    private final HttpClient http;
    private final Future<StdioBridge.Endpoint> server;
    /** Messages wait for the answer to {@code initialize}, which names the session. */
    private Future<Void> initialized = Future.succeededFuture();

    private String id;
    /** Requests that stand alone and that are under way, by their ids. */
    private final Map<Object, HttpClientRequest> alone = new HashMap<>();

    /** The client's own {@code initialize}, to begin another session with. */
    private JsonObject opening;

    ServerSession(Vertx vertx, Future<StdioBridge.Endpoint> server, int maxAtOnce) {
        this.http = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(maxAtOnce));
        this.server = server;
    }

    /** Begins with the client's {@code initialize}. Completes with the server's answer, whose body waits to be read. */
    Future<HttpClientResponse> begin(JsonObject initialize) {
        id = null;
        opening = initialize;
        Future<HttpClientResponse> answer = post(initialize).onSuccess(this::remember);
        initialized = answer.mapEmpty();
        return answer;
    }

    private void remember(HttpClientResponse response) {
        if (response.getHeader(SESSION) != null) {
            id = response.getHeader(SESSION);
        }
    }

    /** Sends a message that is no {@code initialize}. */
    Future<HttpClientResponse> send(JsonObject message) {
        return StatelessRequests.standsAlone(params(message)) ? sendAlone(message) : sendWithin(message);
    }

    private static Map<String, Object> params(JsonObject message) {
        return message.getValue("params") instanceof JsonObject params ? params.getMap() : Map.of();
    }

    private Future<HttpClientResponse> sendAlone(JsonObject message) {
        Object messageId = message.getValue("id");
        return request(HttpMethod.POST).compose(request -> {
            alone.put(messageId, request);
            StatelessRequests.headers(String.valueOf(message.getValue("method")), params(message))
                    .forEach(request::putHeader);
            return sent(request, message)
                    .onSuccess(response -> response.end().onComplete(over -> alone.remove(messageId, request)))
                    .onFailure(e -> alone.remove(messageId, request));
        });
    }

    /** Gives up a request that stands alone, by closing its response. Gives whether there was one with this id. */
    boolean cancel(Object messageId) {
        HttpClientRequest cancelled = alone.remove(messageId);
        if (cancelled != null) {
            cancelled.reset();
        }
        return cancelled != null;
    }

    private Future<HttpClientResponse> sendWithin(JsonObject message) {
        return initialized.compose(begun -> {
            String within = id;
            return post(message)
                    .compose(response -> response.statusCode() == 404 && within != null
                            ? response.end().compose(read -> begunAgain(within)).compose(again -> post(message))
                            : Future.succeededFuture(response));
        });
    }

    /** The server ends sessions that are idle; a client that knows of no sessions can't begin another one. */
    private Future<Void> begunAgain(String lost) {
        if (lost.equals(id)) {
            initialized = begin(opening)
                    .compose(HttpClientResponse::end)
                    .compose(begun -> post(INITIALIZED))
                    .compose(HttpClientResponse::end);
        }
        return initialized;
    }

    private Future<HttpClientResponse> post(JsonObject message) {
        return request(HttpMethod.POST).compose(request -> {
            if (id != null) {
                request.putHeader(SESSION, id);
            }
            return sent(request, message);
        });
    }

    private static Future<HttpClientResponse> sent(HttpClientRequest request, JsonObject message) {
        return request.putHeader("Content-Type", "application/json")
                .putHeader("Accept", "application/json, text/event-stream")
                .send(message.toBuffer());
    }

    private Future<HttpClientRequest> request(HttpMethod method) {
        return server.compose(at -> http.request(
                        new RequestOptions().setAbsoluteURI(at.url()).setMethod(method))
                .onSuccess(request -> request.putHeader("Authorization", "Bearer " + at.key())));
    }

    Future<?> end() {
        return id == null
                ? Future.succeededFuture()
                : request(HttpMethod.DELETE)
                        .compose(request -> request.putHeader(SESSION, id).send())
                        .compose(HttpClientResponse::end);
    }
}
