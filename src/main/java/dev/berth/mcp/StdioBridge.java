package dev.berth.mcp;

import dev.berth.loop.LoopPromise;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the messages of a client that speaks over standard input and output to a server's {@code /mcp}, and back. Reads on a thread of
 * its own, does the rest on an event loop.
 */
public final class StdioBridge {
    private static final Logger log = LoggerFactory.getLogger(StdioBridge.class);
    private static final int MAX_AT_ONCE = 64;
    private static final int LAST_ANSWERS_SECONDS = 5;
    private static final int PARSE_ERROR = -32700;
    private static final int INTERNAL = -32603;

    private final Context context;
    private final Future<Endpoint> server;
    private final ServerSession session;
    private final PrintStream out;
    private final Promise<Void> over;
    private final Set<Future<?>> pending = new HashSet<>();
    /** The ids of requests that the client gave up, which get no answer. */
    private final Set<Object> cancelled = new HashSet<>();

    private boolean ending;

    /** A server's {@code /mcp}, and a key for it. */
    public record Endpoint(String url, String key) {
        /** @param url of the server, without {@code /mcp} */
        public static Endpoint at(String url, String key) {
            return new Endpoint(url.replaceFirst("/+$", "") + "/mcp", key);
        }
    }

    /** @param server completes when the server is up: the client's messages wait until then */
    public StdioBridge(Vertx vertx, Future<Endpoint> server, PrintStream out) {
        this.context = vertx.getOrCreateContext();
        this.server = server;
        this.session = new ServerSession(vertx, server, MAX_AT_ONCE);
        this.out = out;
        this.over = LoopPromise.on(context);
    }

    /** Completes when {@code in} has ended, and the session with it. */
    public Future<Void> run(InputStream in) {
        Thread reader = new Thread(() -> read(in), "berth-stdin");
        reader.setDaemon(true);
        reader.start();
        return over.future();
    }

    /** Lines have no limit here: the client is the process that started this one, and the server limits bodies. */
    private void read(InputStream in) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    Buffer message = Buffer.buffer(line);
                    context.runOnContext(any -> pending(heard(message)));
                }
            }
        } catch (IOException e) {
            log.warn("reading standard input failed: {}", e.toString());
        }
        stop();
    }

    private Future<?> heard(Buffer line) {
        JsonObject message;
        try {
            message = line.toJsonObject();
        } catch (RuntimeException e) {
            return fail(null, PARSE_ERROR, "not a JSON-RPC message");
        }
        if ("notifications/cancelled".equals(message.getValue("method"))
                && message.getValue("params") instanceof JsonObject params
                && cancelled(params.getValue("requestId"))) {
            return Future.succeededFuture();
        }
        boolean initialize = "initialize".equals(message.getValue("method"));
        return answered(message, initialize ? session.begin(message) : session.send(message));
    }

    /** Gives up a request that stands alone; a session of MCP is told of its requests' ends. Gives whether there was such a request. */
    private boolean cancelled(Object id) {
        cancelled.add(id);
        boolean given = session.cancel(id);
        if (!given) {
            cancelled.remove(id);
        }
        return given;
    }

    private Future<?> pending(Future<?> answer) {
        pending.add(answer);
        return answer.onComplete(any -> pending.remove(answer));
    }

    private Future<Void> answered(JsonObject message, Future<HttpClientResponse> response) {
        Object id = message.getValue("id");
        return response.compose(came -> answered(id, came))
                .recover(e -> cancelled.remove(id)
                        ? Future.succeededFuture()
                        : fail(id, INTERNAL, "the server does not answer: " + e.getMessage()));
    }

    private Future<Void> answered(Object id, HttpClientResponse response) {
        String type = String.valueOf(response.getHeader("Content-Type"));
        if (response.statusCode() == 200 && type.startsWith("text/event-stream")) {
            RecordParser lines = RecordParser.newDelimited("\n", response);
            lines.handler(this::event);
            return response.end();
        }
        return response.body().compose(body -> {
            if (response.statusCode() == 200) {
                return print(body);
            }
            if (response.statusCode() < 400) {
                return Future.succeededFuture();
            }
            return id != null && answers(body, id)
                    ? print(body)
                    : fail(id, INTERNAL, reason(response.statusCode(), body));
        });
    }

    /** Whether the body is an error of JSON-RPC to this request. */
    private static boolean answers(Buffer body, Object id) {
        try {
            JsonObject error = body.toJsonObject();
            return error.containsKey("jsonrpc") && id.equals(error.getValue("id"));
        } catch (RuntimeException e) {
            return false;
        }
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

    /** Notifications have no id, and get no answer; what can't be read gets one without an id. */
    private Future<Void> fail(Object id, int code, String why) {
        log.debug("{}", why);
        return id == null && code == INTERNAL
                ? Future.succeededFuture()
                : print(new JsonObject()
                        .put("jsonrpc", "2.0")
                        .put("id", id)
                        .put("error", new JsonObject().put("code", code).put("message", why))
                        .toBuffer());
    }

    /** In order, and not on the event loop: a client that does not read blocks. */
    private Future<Void> print(Buffer message) {
        return context.executeBlocking(() -> {
            // As bytes: the encoding of a print stream is the system's.
            out.writeBytes(message.copy().appendByte((byte) '\n').getBytes());
            out.flush();
            return null;
        });
    }

    /**
     * Stops the bridge. Open requests still get their answers, if these come soon; those of a server that is not up don't come. For any
     * thread.
     */
    public Future<Void> stop() {
        context.runOnContext(any -> {
            if (!ending) {
                ending = true;
                end();
            }
        });
        return over.future();
    }

    private void end() {
        Future<?> last = server.isComplete()
                ? Future.join(List.copyOf(pending)).timeout(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS)
                : Future.succeededFuture();
        last.transform(any -> session.end())
                // After what is being printed.
                .transform(any -> context.<Void>executeBlocking(() -> null))
                .onComplete(over);
    }
}
