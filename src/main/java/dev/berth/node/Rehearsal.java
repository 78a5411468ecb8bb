package dev.berth.node;

import dev.berth.access.KeyRepository;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpResponseExpectation;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session over the server's own HTTP, before the server says that it is ready. The first client then finds classes loaded,
 * code compiled and statements prepared. The session belongs to a user of its own: user and records are removed afterwards.
 */
public final class Rehearsal {
    private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);
    private static final String SESSIONS = "/api/sessions";
    private static final long MAX_SECONDS = 10;
    /** The session ends by itself if the rehearsal is given up while it comes up. */
    private static final JsonObject PAGE = new JsonObject()
            .put("initialPrompt", "data:text/html,<title>Rehearsal</title>")
            .put("options", new JsonObject().put("timeouts", new JsonObject().put("lifetime", 2_000 * MAX_SECONDS)));

    private static final JsonObject SCRIPT = new JsonObject().put("expression", "1 + 1");

    private final KeyRepository keys;
    private final HttpClient client;
    private final String machineId;
    private final String user;
    private final String key = KeyRepository.random();

    /** Nodes that share a Postgres rehearse as users of their own. */
    public Rehearsal(Node node, KeyRepository keys, int port) {
        this.keys = keys;
        this.machineId = node.machineId();
        this.user = "rehearsal of " + machineId;
        this.client = node.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setDefaultHost(node.config().http().reachableHost())
                        .setDefaultPort(port)
                        // The port is this process's own: its certificate needs no check.
                        .setSsl(node.config().http().tls().isPresent())
                        .setTrustAll(true)
                        .setVerifyHost(false));
    }

    /** Never fails: a server that can't rehearse is slower at first, and its readiness tells what it lacks. */
    public Future<Void> run() {
        return forget() // an earlier process may have been killed while it rehearsed, and left objects
                .compose(done -> keys.add(user, key))
                .compose(done -> use().timeout(MAX_SECONDS, TimeUnit.SECONDS))
                // Only then is nothing written for the session any more. Otherwise the next start does it.
                .compose(done -> forget())
                .eventually(client::close)
                .recover(e -> {
                    log.warn("{} could not warm up, so the first sessions are slower: {}", machineId, e.toString());
                    return Future.succeededFuture();
                });
    }

    private Future<Void> forget() {
        return keys.remove(user);
    }

    private Future<Void> use() {
        return ask(HttpMethod.POST, SESSIONS + "?wait=running", PAGE.toBuffer())
                .map(session -> SESSIONS + "/" + session.getString("sessionId"))
                .compose(session -> ask(HttpMethod.POST, session + "/evaluate", SCRIPT.toBuffer())
                        .compose(done -> ask(HttpMethod.GET, session, Buffer.buffer()))
                        .eventually(() -> ask(HttpMethod.DELETE, session, Buffer.buffer())))
                .mapEmpty();
    }

    private Future<JsonObject> ask(HttpMethod method, String uri, Buffer body) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setURI(uri)
                .putHeader("Authorization", "Bearer " + key)
                .putHeader("Content-Type", "application/json");
        return client.request(options)
                .compose(request -> request.send(body))
                .expecting(HttpResponseExpectation.SC_SUCCESS)
                .compose(HttpClientResponse::body)
                .map(answer -> answer.length() == 0 ? new JsonObject() : answer.toJsonObject());
    }
}
