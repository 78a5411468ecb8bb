package dev.berth.fake;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server of a model that says what a test tells it to, over HTTP on loopback, in the shape that is asked for: chat
 * completions or Anthropic's messages.
 */
public final class ScriptedModelServer {
    /** What a client asked. */
    public record Request(String path, MultiMap headers, JsonObject body) {
        public boolean anthropic() {
            return path.endsWith("/messages");
        }
    }

    private final Queue<ModelAnswer> script = new ConcurrentLinkedQueue<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile ModelAnswer otherwise;

    private ScriptedModelServer(Vertx vertx) {
        server = vertx.createHttpServer().requestHandler(this::receive);
        reset();
    }

    public static Future<ScriptedModelServer> start(Vertx vertx) {
        ScriptedModelServer model = new ScriptedModelServer(vertx);
        return model.server.listen(0, "127.0.0.1").map(model);
    }

    /** For {@code ai.base-url}, of both providers. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.actualPort() + "/v1");
    }

    /** Adds to the script; each request takes the next answer. */
    public ScriptedModelServer answer(ModelAnswer... answers) {
        script.addAll(List.of(answers));
        return this;
    }

    /** What answers where the script is over. */
    public ScriptedModelServer otherwise(ModelAnswer answer) {
        otherwise = answer;
        return this;
    }

    /** Forgets the script and what was asked. */
    public void reset() {
        script.clear();
        requests.clear();
        otherwise =
                (request, response) -> ModelAnswer.status(400, "The script has no answer to request " + requests.size())
                        .send(request, response);
    }

    /** What has been asked so far, the first first. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public Future<Void> close() {
        return server.close();
    }

    private void receive(HttpServerRequest http) {
        http.body().onSuccess(body -> {
            Request request = new Request(http.path(), http.headers(), body.toJsonObject());
            requests.add(request);
            Optional.ofNullable(script.poll()).orElse(otherwise).send(request, http.response());
        });
    }
}
