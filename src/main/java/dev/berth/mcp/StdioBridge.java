package dev.berth.mcp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the messages of a client that speaks over standard input and output to a server's {@code /mcp}, and back. Reads on a thread of
 * its own, does the rest on an event loop.
 */
public final class StdioBridge {
    private static final Logger log = LoggerFactory.getLogger(StdioBridge.class);
    private static final String SESSION = "Mcp-Session-Id";
    private static final JsonObject INITIALIZED =
            new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized");
    private static final int MAX_AT_ONCE = 64;
    private static final int LAST_ANSWERS_SECONDS = 5;

    private final Vertx vertx;
    private final HttpClient http;
    private final String url;
    private final String key;
    private final PrintStream out;
    private final Promise<Void> over = Promise.promise();
    private final Set<Future<?>> pending = new HashSet<>();
    /** Messages wait for the answer to {@code initialize}, which names the session. */
    private Future<Void> initialized = Future.succeededFuture();

    private String session;
    /** The client's own, to begin again with. */
    private JsonObject opening;

    /** @param url of the server, without {@code /mcp} */
    public StdioBridge(Vertx vertx, String url, String key, PrintStream out) {
        this.vertx = vertx;
        this.url = url.replaceFirst("/+$", "") + "/mcp";
        this.key = key;
        this.out = out;
        this.http = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(MAX_AT_ONCE));
    }

    /** Completes when {@code in} has ended, and the session with it. */
    public Future<Void> run(InputStream in) {
        var context = vertx.getOrCreateContext();
        Thread reader = new Thread(
                () -> {
                    read(in, line -> context.runOnContext(any -> heard(line)));
                    context.runOnContext(any -> end());
                },
                "berth-stdin");
        reader.setDaemon(true);
        reader.start();
        return over.future();
    }

    private static void read(InputStream in, Consumer<String> lines) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    lines.accept(line);
                }
            }
        } catch (IOException e) {
            log.warn("standard input ended: {}", e.toString());
        }
    }

    private void heard(String line) {
        JsonObject message;
        try {
            message = new JsonObject(line);
        } catch (RuntimeException e) {
            fail(null, -32700, "not a JSON-RPC message");
            return;
        }
        if ("initialize".equals(message.getString("method"))) {
            session = null;
            opening = message;
            initialized = pending(send(message)).mapEmpty();
        } else {
            pending(initialized.transform(any -> send(message)));
        }
    }

    private Future<?> pending(Future<?> answer) {
        pending.add(answer);
        return answer.onComplete(any -> pending.remove(answer));
    }

    private Future<?> send(JsonObject message) {
        String within = session;
        return post(message)
                .compose(response -> response.statusCode() == 404 && within != null
                        ? response.end()
                                .compose(read -> begunAgain(within))
                                .compose(begun -> post(message))
                                .compose(again -> answered(message, again))
                        : answered(message, response))
                .onFailure(e -> fail(message.getValue("id"), -32603, "the server does not answer: " + e.getMessage()));
    }

    private Future<HttpClientResponse> post(JsonObject message) {
        return request(HttpMethod.POST)
                .compose(request -> request.putHeader("Content-Type", "application/json")
                        .putHeader("Accept", "application/json, text/event-stream")
                        .send(message.toBuffer()));
    }

    /** The server ends sessions that are idle; a client that knows of no sessions can't begin another one. */
    private Future<Void> begunAgain(String lost) {
        if (lost.equals(session)) {
            session = null;
            initialized = post(opening)
                    .compose(response -> {
                        session = response.getHeader(SESSION);
                        return response.end();
                    })
                    .compose(begun -> post(INITIALIZED))
                    .compose(HttpClientResponse::end);
        }
        return initialized;
    }

    private Future<HttpClientRequest> request(HttpMethod method) {
        return http.request(new RequestOptions().setAbsoluteURI(url).setMethod(method))
                .onSuccess(request -> {
                    request.putHeader("Authorization", "Bearer " + key);
                    if (session != null) {
                        request.putHeader(SESSION, session);
                    }
                });
    }

    private Future<Void> answered(JsonObject message, HttpClientResponse response) {
        String type = String.valueOf(response.getHeader("Content-Type"));
        if (response.statusCode() == 200 && type.startsWith("text/event-stream")) {
            RecordParser lines = RecordParser.newDelimited("\n", response);
            lines.handler(this::event);
            return response.end();
        }
        if (response.getHeader(SESSION) != null) {
            session = response.getHeader(SESSION);
        }
        return response.body()
                .onSuccess(body -> {
                    if (response.statusCode() == 200) {
                        print(body);
                    } else if (response.statusCode() >= 400) {
                        fail(message.getValue("id"), -32603, reason(response.statusCode(), body));
                    }
                })
                .mapEmpty();
    }

    private void event(Buffer line) {
        String text = line.toString();
        if (text.startsWith("data: ")) {
            print(Buffer.buffer(text.substring("data: ".length())));
        }
    }

    private static String reason(int status, Buffer body) {
        try {
            return body.toJsonObject().getJsonObject("error").getString("message");
        } catch (RuntimeException e) {
            return "the server answered " + status;
        }
    }

    /** Notifications have no id, and get no answer. */
    private void fail(Object id, int code, String why) {
        log.debug("{}", why);
        if (id != null || code == -32700) {
            print(new JsonObject()
                    .put("jsonrpc", "2.0")
                    .put("id", id)
                    .put("error", new JsonObject().put("code", code).put("message", why))
                    .toBuffer());
        }
    }

    /** In order, and not on the event loop: a client that does not read blocks. */
    private void print(Buffer message) {
        vertx.executeBlocking(() -> {
            // As bytes: the encoding of a print stream is the system's.
            out.writeBytes(message.copy().appendByte((byte) '\n').getBytes());
            out.flush();
            return null;
        });
    }

    /** What was asked for gets an answer, if it comes soon. */
    private void end() {
        Future.join(List.copyOf(pending))
                .timeout(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS)
                .transform(any -> endSession())
                // After what is being printed.
                .transform(any -> vertx.<Void>executeBlocking(() -> null))
                .onComplete(over);
    }

    private Future<?> endSession() {
        return session == null
                ? Future.succeededFuture()
                : request(HttpMethod.DELETE).compose(HttpClientRequest::send).compose(HttpClientResponse::end);
    }
}
