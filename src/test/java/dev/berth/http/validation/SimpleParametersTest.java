package dev.berth.http.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.http.Contract;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** With the real contract. */
@ExtendWith(VertxExtension.class)
class SimpleParametersTest {
    private static final String ID = "/session-00000000-0000-4000-8000-000000000000";

    private static Future<OpenAPIContract> contract(Vertx vertx) {
        return Contract.read(vertx).map(Contract::parsed);
    }

    /** What is read of each request; "judged" where the validator has to judge it. */
    private static Future<List<String>> read(Vertx vertx, String operation, List<String> queries) {
        return contract(vertx).compose(contract -> {
            SimpleParameters plain =
                    SimpleParameters.of(contract.operation(operation)).orElseThrow();
            Router router = Router.router(vertx);
            router.get("/:sessionId")
                    .handler(ctx -> ctx.end(plain.read(ctx)
                            .map(request -> new java.util.TreeMap<>(request.getQuery())
                                    .entrySet().stream()
                                            .map(entry -> entry.getKey() + "="
                                                    + entry.getValue().get())
                                            .toList()
                                            .toString())
                            .orElse("judged")));
            return vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .compose(server -> answers(vertx, server.actualPort(), queries));
        });
    }

    private static Future<List<String>> answers(Vertx vertx, int port, List<String> queries) {
        var client = vertx.createHttpClient();
        List<Future<String>> all = new ArrayList<>();
        for (String query : queries) {
            all.add(client.request(HttpMethod.GET, port, "127.0.0.1", ID + query)
                    .compose(request -> request.send())
                    .compose(answer -> answer.body())
                    .map(Buffer::toString));
        }
        return Future.all(all).map(done -> done.list());
    }

    @Test
    void simpleValidParametersAreRead(Vertx vertx, VertxTestContext test) throws Exception {
        read(vertx, "listConsole", List.of("", "?limit=1000&offset=0&level=error", "?offset=123456789"))
                .onComplete(test.succeeding(read -> test.verify(() -> {
                    assertThat(read).containsExactly("[]", "[level=error, limit=1000, offset=0]", "[offset=123456789]");
                    test.completeNow();
                })));
    }

    @Test
    void everythingElseIsLeftToTheValidator(Vertx vertx, VertxTestContext test) throws Exception {
        List<String> odd = List.of(
                "?limit=0",
                "?limit=1001",
                "?limit=",
                "?limit=x",
                "?limit=1.0",
                "?limit=+1",
                "?limit=01",
                "?limit=%31%00",
                "?offset=-1",
                "?offset=1234567890123456",
                "?level=loud",
                "?level=ERROR",
                "?level",
                "?odd=1",
                "?limit=1&limit=1",
                "?limit=1&odd");
        read(vertx, "listConsole", odd)
                .onComplete(test.succeeding(read -> test.verify(() -> {
                    assertThat(read).hasSize(odd.size()).containsOnly("judged");
                    test.completeNow();
                })));
    }

    @Test
    void aPatternHolds(Vertx vertx, VertxTestContext test) throws Exception {
        read(
                        vertx,
                        "listNetwork",
                        List.of(
                                "?method=Get&status=404",
                                "?status=4xx&url=/%C3%A9&failed=true",
                                "?method=%22",
                                "?status=99",
                                "?method=GET%0A",
                                "?url=",
                                "?failed=yes"))
                .onComplete(test.succeeding(read -> test.verify(() -> {
                    assertThat(read)
                            .containsExactly(
                                    "[method=Get, status=404]",
                                    "[failed=true, status=4xx, url=/é]",
                                    "judged",
                                    "judged",
                                    "judged",
                                    "judged",
                                    "judged");
                    test.completeNow();
                })));
    }

    @Test
    void anOperationWithABodyIsLeftToTheValidator(Vertx vertx, VertxTestContext test) throws Exception {
        contract(vertx)
                .onComplete(test.succeeding(contract -> test.verify(() -> {
                    assertThat(SimpleParameters.of(contract.operation("navigate")))
                            .isEqualTo(Optional.empty());
                    test.completeNow();
                })));
    }
}
