package dev.berth.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.limits.MemoryBudget;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ShownJson.Links;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class AnswersTest {
    /** More than the socket buffers of both ends hold. */
    private static final int CHARS = 24 << 20;

    private final MemoryBudget budget = Answers.MEMORY;
    private HttpServer server;

    /** An answer. */
    record Large(String text) implements Answers.Bulky {
        @Override
        public long chars() {
            return text.length();
        }

        @Override
        public Buffer json(Links links) {
            return Answers.encode(text);
        }
    }

    @BeforeEach
    void serve(Vertx vertx) throws Exception {
        Router router = Router.router(vertx);
        router.get("/large").handler(Answers.json(ctx -> Future.succeededFuture(new Large("x".repeat(CHARS)))));
        router.get("/odd")
                .handler(ctx -> Answers.respond(ctx, Future.succeededFuture("given"), given -> {
                    throw new BerthException(ErrorCode.NOT_FOUND, "nothing can be made of " + given);
                }));
        router.route().failureHandler(AnswersTest::fail);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static void fail(RoutingContext ctx) {
        Problem.answer(ctx, (BerthException) ctx.failure());
    }

    /** Sends a request, and reads only the status. */
    private String ask(Socket client) throws IOException {
        return ask(client, "/large");
    }

    private String ask(Socket client, String path) throws IOException {
        client.getOutputStream()
                .write("GET %s HTTP/1.1\r\nHost: x\r\n\r\n".formatted(path).getBytes(StandardCharsets.US_ASCII));
        return new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }

    @Test
    void aRequestWhoseAnsweringFailsIsAnswered() throws IOException {
        try (Socket client = new Socket("127.0.0.1", server.actualPort())) {
            assertThat(ask(client, "/odd")).isEqualTo("HTTP/1.1 404");
        }
    }

    @Test
    void aLargeAnswerCountsUntilItsClientHasReceivedItOrLeft() throws IOException {
        try (Socket client = new Socket("127.0.0.1", server.actualPort())) {
            assertThat(ask(client)).isEqualTo("HTTP/1.1 200");
            assertThat(budget.usedBytes()).isGreaterThanOrEqualTo(CHARS);
        }
        awaitNothingHeld();
        try (Socket client = new Socket("127.0.0.1", server.actualPort())) {
            ask(client);
            client.getInputStream().readNBytes(CHARS);
            awaitNothingHeld();
        }
    }

    @Test
    void anAnswerThatCanNotBeSentIsNotCountedAnyMore() {
        Future<Void> sent = Answers.counted(7, CHARS, () -> {
            throw new IllegalStateException("the response has ended");
        });
        assertThat(sent.failed()).isTrue();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void anAnswerBeyondTheBudgetIsRefused() throws IOException {
        try (MemoryBudget.Share one = budget.share("one");
                MemoryBudget.Share other = budget.share("other");
                Socket client = new Socket("127.0.0.1", server.actualPort())) {
            one.hold(budget.maxBytesEach());
            other.hold(budget.maxBytesEach());
            assertThat(ask(client)).isEqualTo("HTTP/1.1 503");
        }
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void oneUserLeavesHalfOfTheBudgetToOthers() {
        Promise<Void> received = Promise.promise();
        long half = budget.maxBytesEach() / 3;
        Future<Void> slow = Answers.counted(7, half, received::future);
        assertThat(Answers.counted(7, half, Future::succeededFuture).failed()).isTrue();
        assertThat(Answers.counted(8, half, Future::succeededFuture).succeeded())
                .isTrue();
        received.complete();
        assertThat(slow.succeeded()).isTrue();
    }

    private void awaitNothingHeld() {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (budget.usedBytes() > 0 && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(budget.usedBytes()).isZero();
    }
}
