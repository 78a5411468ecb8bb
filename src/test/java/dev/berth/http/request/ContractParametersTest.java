package dev.berth.http.request;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.http.Contract;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.junit5.VertxExtension;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** With the real contract. */
@ExtendWith(VertxExtension.class)
@Timeout(60)
class ContractParametersTest {
    private Vertx vertx;
    private HttpClient client;
    private int port;

    @BeforeEach
    void listen(Vertx vertx) throws Exception {
        this.vertx = vertx;
        client = vertx.createHttpClient();
        OpenAPIContract contract = await(Contract.read(vertx)).parsed();
        Router router = Router.router(vertx);
        contract.operations()
                .forEach(operation -> router.get("/" + operation.getOperationId())
                        .handler(new ContractParameters(operation))
                        .handler(ContractParametersTest::tell));
        router.route().failureHandler(Problem::answer);
        port = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static void tell(RoutingContext ctx) {
        ctx.end(new TreeMap<>(QueryParameters.of(ctx).read()).toString());
    }

    private String read(String query) throws Exception {
        return read(query, "a");
    }

    private String read(String query, String idempotencyKey) throws Exception {
        Promise<Buffer> answer = Promise.promise();
        // On the client's event loop: on this thread a response may have passed before its body is asked for.
        vertx.runOnContext(now -> client.request(HttpMethod.GET, port, "127.0.0.1", "/" + query)
                .compose(request ->
                        request.putHeader("Idempotency-Key", idempotencyKey).send())
                .compose(response -> response.body())
                .onComplete(answer));
        return await(answer.future()).toString();
    }

    private void requireRefused(String query, String message) throws Exception {
        assertThat(read(query)).as(query).contains("\"invalid_argument\"", message);
    }

    @Test
    void parametersAreReadAsTheContractHasThem() throws Exception {
        assertThat(read("listConsole")).isEqualTo("{}");
        assertThat(read("listConsole?limit=1000&offset=0&level=error"))
                .isEqualTo("{level=error, limit=1000, offset=0}");
        assertThat(read("listNetwork?status=4xx&url=/%C3%A9&failed=true"))
                .isEqualTo("{failed=true, status=4xx, url=/é}");
        assertThat(read("listSessions?metadata.a=b")).isEqualTo("{metadata.a=b}");
    }

    @Test
    void numbersHaveBounds() throws Exception {
        for (String limit : new String[] {"0", "1001", "", "x", "1.0", "%2B1", "-1", "%31%00", "1234567890123456"}) {
            requireRefused("listConsole?limit=" + limit, "limit: must be a whole number from 1 to 1000");
        }
    }

    @Test
    void textsHaveValuesLengthsAndPatterns() throws Exception {
        requireRefused("listConsole?level=ERROR", "level: must be one of debug, log, info, warn, error");
        requireRefused("listConsole?level", "level: must be one of");
        requireRefused("listConsole?text=", "text: must have 1 to 200 characters");
        requireRefused("listConsole?text=" + "x".repeat(201), "text: must have 1 to 200 characters");
        requireRefused("listConsole?text=a%00", "no NUL characters");
        requireRefused("listNetwork?status=99", "status: must match");
        requireRefused("listNetwork?method=GET%0A", "method: must match");
        requireRefused("listNetwork?failed=yes", "failed: must be true or false");
        assertThat(read("createSession", "k".repeat(256))).contains("Idempotency-Key: must have 1 to 255 characters");
    }

    @Test
    void eachParameterIsKnownAndGivenOnce() throws Exception {
        requireRefused("listConsole?levle=error", "levle: is not a known field; did you mean level?");
        requireRefused("listConsole?limit=1&limit=1", "query parameter 'limit' is given more than once");
        requireRefused("listConsole?metadata.a=b", "metadata.a: is not a known field");
        requireRefused("listSessions?metadata.=b", "metadata.: is not a known field");
    }
}
