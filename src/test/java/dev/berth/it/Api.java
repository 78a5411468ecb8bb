package dev.berth.it;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A client of the HTTP API, as a user would write one. */
final class Api {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final String url;
    private final String key;

    Api(String url, String key) {
        this.url = url;
        this.key = key;
    }

    /** An HTTP answer. */
    record Answer(int status, java.net.http.HttpHeaders headers, byte[] body) {
        String text() {
            return new String(body, java.nio.charset.StandardCharsets.UTF_8);
        }

        JsonObject json() {
            return new JsonObject(text());
        }

        JsonArray list(String field) {
            return json().getJsonArray(field);
        }

        JsonObject error() {
            return json().getJsonObject("error");
        }
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer delete(String path) {
        return send(request(path).DELETE());
    }

    Answer post(String path, JsonObject body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
    }

    Answer put(String path, JsonObject body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body.encode())));
    }

    Answer patch(String path, JsonObject body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body.encode())));
    }

    /** Runs a verb, which must succeed. */
    JsonObject act(String session, String verb, JsonObject body) {
        Answer answer = post(session + "/" + verb, body);
        if (answer.status() != 200) {
            throw new AssertionError(verb + " failed: " + answer.text());
        }
        return answer.json();
    }

    Answer post(String path) {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key);
    }

    static Answer send(HttpRequest.Builder request) {
        try {
            var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** Sends a request of another API than Berth's own. A body is JSON, unless a header says otherwise. */
    static Answer call(String url, String method, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty() && !List.of(headers).contains("Content-Type")) {
            request.header("Content-Type", "application/json; charset=utf-8");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    /** Ends the sessions of this key. */
    void endSessions() {
        get("/api/sessions").list("sessions").stream()
                .map(JsonObject.class::cast)
                .forEach(session -> delete("/api/sessions/" + session.getString("sessionId")));
    }

    /** Fetches any URL, without a key. */
    static Answer fetch(String anyUrl) {
        return send(HttpRequest.newBuilder(URI.create(anyUrl)).timeout(Duration.ofSeconds(30)));
    }

    /** A running session: its path and the URLs for its clients. */
    record Opened(String path, String connectUrl, String liveUrl) {
        /** The URL of the live view's socket. */
        String socket(String query) {
            return liveUrl.substring(0, liveUrl.indexOf("/live/")) + path + "/live?" + query;
        }

        /** That of {@code liveUrl}, with its name. */
        String token() {
            return liveUrl.substring(liveUrl.indexOf("token="));
        }
    }

    /** Creates a session and waits until it runs; gives its path. */
    String newSession() {
        return newSession(new JsonObject());
    }

    String newSession(JsonObject body) {
        return create(body).path();
    }

    Opened create() {
        return create(new JsonObject());
    }

    Opened create(JsonObject body) {
        Answer created = post("/api/sessions?wait=running", body);
        if (created.status() != 201 || !created.json().getString("status").equals("running")) {
            throw new AssertionError("not created: " + created.status() + " " + created.text());
        }
        JsonObject session = created.json();
        return new Opened(
                "/api/sessions/" + session.getString("sessionId"),
                session.getString("connectUrl"),
                session.getString("liveUrl"));
    }

    /** Creates a session and waits until the page is loaded; gives the session's path. */
    String open(String pageUrl) {
        String session = newSession();
        navigate(session, pageUrl);
        return session;
    }

    Answer navigate(String session, String pageUrl) {
        Answer answer = post(session + "/navigate", new JsonObject().put("url", pageUrl));
        if (answer.status() != 200) {
            throw new AssertionError("not navigated: " + answer.text());
        }
        return answer;
    }

    Object evaluate(String session, String expression) {
        Answer answer = post(session + "/evaluate", new JsonObject().put("expression", expression));
        if (answer.status() != 200) {
            throw new AssertionError("not evaluated: " + answer.text());
        }
        return answer.json().getValue("result");
    }

    /** Polls until the answer satisfies {@code wished}; fails with the last answer. */
    Answer await(String path, Predicate<Answer> wished) {
        return await(() -> get(path), wished);
    }

    static <T> T await(Supplier<T> ask, Predicate<T> wished) {
        long deadline = System.nanoTime() + Duration.ofSeconds(80).toNanos();
        while (true) {
            T last = ask.get();
            if (wished.test(last)) {
                return last;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("still not as wished: " + (last instanceof Answer a ? a.text() : last));
            }
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }
}
