package dev.berth.mcp;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.junit5.VertxExtension;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ResponseTransportTest {
    private static final String PICTURE = "A".repeat(2_000_000);

    private static String answer(Vertx vertx, McpEndpoint.SendBudget budget) throws Exception {
        CallToolResult picture = CallToolResult.builder()
                .addContent(ImageContent.builder(PICTURE, "image/png").build())
                .build();
        HttpServer server = await(vertx.createHttpServer()
                .requestHandler(request -> new ResponseTransport(
                                new JacksonMapper(), vertx.getOrCreateContext(), request.response(), budget)
                        .sendMessage(JSONRPCResponse.result(7, picture))
                        .subscribe())
                .listen(0, "127.0.0.1"));
        return await(vertx.createHttpClient()
                .request(HttpMethod.POST, server.actualPort(), "127.0.0.1", "/")
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body)
                .map(Buffer::toString));
    }

    @Test
    void aPictureCountsUntilItIsSent(Vertx vertx) throws Exception {
        AtomicLong counted = new AtomicLong();
        String answer = answer(vertx, (chars, sending) -> {
            counted.set(chars);
            return sending.get();
        });
        assertThat(answer).contains(PICTURE);
        assertThat(counted.get()).isBetween((long) PICTURE.length(), PICTURE.length() + 1_000L);
    }

    @Test
    void aPictureForWhichThereIsNoRoomIsRefused(Vertx vertx) throws Exception {
        String answer = answer(
                vertx,
                (chars, sending) -> chars < 1_000
                        ? sending.get()
                        : Future.failedFuture(new BerthException(ErrorCode.NOT_READY, "too many large answers")));
        assertThat(answer).contains("\"id\":7", "too many large answers").doesNotContain("AAAA");
    }
}
