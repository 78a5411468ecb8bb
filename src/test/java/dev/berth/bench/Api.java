package dev.berth.bench;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A client of the API. */
final class Api {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String url;
    private final String key;

    Api(String url, String key) {
        this.url = url;
        this.key = key;
    }

    /** The text of a request for {@code path}, as it stands on the wire. */
    String rawGet(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + URI.create(url).getAuthority() + "\r\nAuthorization: Bearer "
                + key + "\r\n\r\n";
    }

    int port() {
        return URI.create(url).getPort();
    }

    JsonObject get(String path) {
        return send(request(path).GET()).join();
    }

    /** An answer that is not JSON. */
    String text(String path) {
        return exchange(request(path).GET()).join();
    }

    /** A new session, answered once it runs. */
    CompletableFuture<Session> create(JsonObject body) {
        return send(request("/api/sessions?wait=running").POST(BodyPublishers.ofString(body.encode())))
                .thenApply(made -> new Session(
                        this, made.getString("sessionId"), made.getString("connectUrl"), made.getString("liveUrl")));
    }

    /** A new session whose first page is {@code pageUrl}; answered before that page is there. */
    CompletableFuture<Session> open(String pageUrl) {
        return create(new JsonObject().put("initialPrompt", pageUrl));
    }

    CompletableFuture<JsonObject> delete(String path) {
        return send(request(path).DELETE());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key);
    }

    private static CompletableFuture<JsonObject> send(HttpRequest.Builder request) {
        return exchange(request).thenApply(JsonObject::new);
    }

    private static CompletableFuture<String> exchange(HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        String what = request.method() + " " + request.uri();
        return HTTP.sendAsync(request, BodyHandlers.ofString()).handle((answer, failure) -> {
            if (failure != null) {
                throw new IllegalStateException(what + ": " + failure.getMessage(), failure);
            }
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(what + ": " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        });
    }

    /** A session that runs. */
    record Session(Api api, String id, String connectUrl, String liveUrl) {
        String path() {
            return "/api/sessions/" + id;
        }

        /** The WebSocket of the live view. */
        String liveSocket() {
            return liveUrl.replaceFirst("/live/([^?]+)", "/api/sessions/$1/live");
        }

        JsonObject get(String part) {
            return api.get(path() + part);
        }

        /** This, once its first page stands in its action log: the page itself says earlier that it is loaded. */
        Session opened() {
            Rig.waitUntil(() -> get("/actions?limit=1").getInteger("total") > 0);
            return this;
        }

        /** Completes once its page has answered. */
        CompletableFuture<JsonObject> evaluate() {
            return evaluate("1");
        }

        CompletableFuture<JsonObject> evaluate(String expression) {
            JsonObject body = new JsonObject().put("expression", expression);
            return send(api.request(path() + "/evaluate").POST(BodyPublishers.ofString(body.encode())));
        }

        /** Completes once its picture is kept. */
        CompletableFuture<JsonObject> screenshot() {
            return send(api.request(path() + "/screenshot").POST(BodyPublishers.ofString("{}")));
        }

        /** Completes once it has ended. */
        CompletableFuture<JsonObject> delete() {
            return api.delete(path());
        }
    }
}
