package dev.berth.mcp;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.mcp.StdioBridge.Endpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server that has ended the client's session. */
@ExtendWith(VertxExtension.class)
class StdioBridgeTest {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private int sessions;

    /** The first session is over as soon as it began. */
    private void answer(HttpServerRequest request) {
        String session = String.valueOf(request.getHeader("Mcp-Session-Id"));
        request.body().onSuccess(body -> {
            String method = body.length() == 0
                    ? request.method().name()
                    : body.toJsonObject().getString("method");
            heard.add(method + " " + session);
            if (method.equals("initialize")) {
                request.response().putHeader("Mcp-Session-Id", "s" + ++sessions).end(result(1));
            } else if (session.equals("s1")) {
                request.response().setStatusCode(404).end();
            } else {
                request.response().end(result(2));
            }
        });
    }

    private static String result(int id) {
        return new JsonObject().put("id", id).put("result", new JsonObject()).encode();
    }

    private static InputStream bytes(String input) {
        return new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aClientWaitsUntilTheServerIsUp(Vertx vertx) throws Exception {
        int port = await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"))
                .actualPort();
        Promise<Endpoint> starting = Promise.promise();
        PipedOutputStream client = new PipedOutputStream();
        PipedInputStream answers = new PipedInputStream();
        Future<Void> over = new StdioBridge(
                        vertx, starting.future(), new PrintStream(new PipedOutputStream(answers), true))
                .run(new PipedInputStream(client));
        BufferedReader read = new BufferedReader(new InputStreamReader(answers, StandardCharsets.UTF_8));
        client.write("{\"id\":1,\"method\":\"initialize\"}\nnonsense\n".getBytes(StandardCharsets.UTF_8));
        client.flush();
        assertThat(read.readLine()).contains("-32700");
        starting.complete(Endpoint.at("http://127.0.0.1:" + port, "key"));
        assertThat(read.readLine()).isEqualTo(result(1));
        client.close();
        await(over);
    }

    @Test
    void aServerThatCannotStartIsTheAnswer(Vertx vertx) throws Exception {
        Promise<Endpoint> starting = Promise.promise();
        PipedOutputStream client = new PipedOutputStream();
        PipedInputStream answers = new PipedInputStream();
        Future<Void> over = new StdioBridge(
                        vertx, starting.future(), new PrintStream(new PipedOutputStream(answers), true))
                .run(new PipedInputStream(client));
        BufferedReader read = new BufferedReader(new InputStreamReader(answers, StandardCharsets.UTF_8));
        client.write("{\"id\":3,\"method\":\"initialize\"}\n".getBytes(StandardCharsets.UTF_8));
        client.flush();
        starting.fail("no place for it");
        assertThat(read.readLine()).contains("\"id\":3", "\"error\"", "no place for it");
        client.close();
        await(over);
    }

    @Test
    void whatIsNoMessageIsRefusedAndTheNextOneRead(Vertx vertx) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Future<Endpoint> none = Future.failedFuture("there is none");
        String input = "nonsense\n\n{\"id\":7,\"method\":\"ping\"}";
        await(new StdioBridge(vertx, none, new PrintStream(out, true)).run(bytes(input)));
        assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("-32700", "not a JSON-RPC message"))
                .anySatisfy(line -> assertThat(line).contains("\"id\":7", "there is none"));
    }

    @Test
    void aSessionThatIsOverIsBegunAgain(Vertx vertx) throws Exception {
        int port = await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"))
                .actualPort();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String input = """
                {"id":1,"method":"initialize"}
                {"id":2,"method":"tools/list"}
                """;
        Future<Endpoint> server = Future.succeededFuture(Endpoint.at("http://127.0.0.1:" + port, "key"));
        await(new StdioBridge(vertx, server, new PrintStream(out, true)).run(bytes(input)));
        assertThat(heard)
                .containsExactly(
                        "initialize null",
                        "tools/list s1",
                        "initialize null",
                        "notifications/initialized s2",
                        "tools/list s2",
                        "DELETE s2");
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).containsExactly(result(1), result(2));
    }

    /** The server refuses the first request, and answers no other one. */
    @Test
    void aRequestThatStandsAloneHasItsHeadersAndCanBeGivenUp(Vertx vertx) throws Exception {
        String refused = "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no\"}}";
        PipedOutputStream client = new PipedOutputStream();
        Promise<Void> gone = Promise.promise();
        int port = await(vertx.createHttpServer()
                        .requestHandler(request -> {
                            heard.add(request.getHeader("Mcp-Method") + " " + request.getHeader("MCP-Protocol-Version")
                                    + " " + request.getHeader("Mcp-Name") + " " + request.getHeader("Mcp-Session-Id"));
                            if ("prompts/list".equals(request.getHeader("Mcp-Method"))) {
                                request.response().setStatusCode(404).end(refused);
                                return;
                            }
                            request.connection().closeHandler(any -> gone.tryComplete());
                            write(client, "{\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":2}}\n");
                        })
                        .listen(0, "127.0.0.1"))
                .actualPort();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Future<Endpoint> server = Future.succeededFuture(Endpoint.at("http://127.0.0.1:" + port, "key"));
        PipedInputStream read = new PipedInputStream(client);
        Future<Void> over = new StdioBridge(vertx, server, new PrintStream(out, true)).run(read);
        String meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}";
        write(client, "{\"id\":1,\"method\":\"prompts/list\",\"params\":{" + meta + "}}\n");
        write(client, "{\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"click\"," + meta + "}}\n");
        await(gone.future());
        client.close();
        await(over);
        assertThat(heard)
                .containsExactlyInAnyOrder(
                        "prompts/list 2026-07-28 null null", "tools/call 2026-07-28 =?base64?Y2xpY2s=?= null");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(refused + "\n");
    }

    private static void write(PipedOutputStream client, String line) {
        try {
            client.write(line.getBytes(StandardCharsets.UTF_8));
            client.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
