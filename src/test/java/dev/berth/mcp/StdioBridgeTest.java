package dev.berth.mcp;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
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

    @Test
    void aSessionThatIsOverIsBegunAgain(Vertx vertx) throws Exception {
        int port = await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"))
                .actualPort();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String input = """
                {"id":1,"method":"initialize"}
                {"id":2,"method":"tools/list"}
                """;
        await(new StdioBridge(vertx, "http://127.0.0.1:" + port, "key", new PrintStream(out, true))
                .run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8))));
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
}
