package dev.berth.http.request;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.access.LinkTokens;
import dev.berth.access.ShareLink;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@Timeout(60)
class LinkAccessTest {
    private final Promise<Runnable> held = Promise.promise();
    private final Promise<Void> released = Promise.promise();
    private Instant expiresAt = Instant.now().plusSeconds(3_600);

    /** The body is asked for on the client's event loop, before it can have ended. */
    private record Told(HttpClientResponse response, Future<Buffer> body) {}

    /** A response to a client that came by a link. */
    private Future<Told> ask(Vertx vertx, Consumer<RoutingContext> answer) throws Exception {
        LinkAccess links = new LinkAccess(vertx, new LinkTokens(new byte[32]), null, (id, end) -> {
            held.complete(end);
            return released::tryComplete;
        });
        Router router = Router.router(vertx);
        router.get("/").handler(ctx -> {
            links.admitTransfer(ctx, new ShareLink(1, SessionId.random(), 1, false, true, Instant.EPOCH, expiresAt));
            answer.accept(ctx);
        });
        int port = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                .actualPort();
        return vertx.createHttpClient()
                .request(HttpMethod.GET, port, "127.0.0.1", "/")
                .compose(request -> request.send())
                .map(response -> new Told(response, response.body()));
    }

    /** As transfers do: they listen for the end of the connection themselves. */
    private static void begin(RoutingContext ctx) {
        ctx.response().closeHandler(closed -> {});
        ctx.response().setChunked(true).write("begun");
    }

    private static Throwable end(Told told) throws Exception {
        return await(told.body().transform(body -> Future.succeededFuture(body.cause())));
    }

    @Test
    void whatIsBeingSentIsCutOffWhenTheLinkIsRevoked(Vertx vertx) throws Exception {
        Told told = await(ask(vertx, LinkAccessTest::begin));
        await(held.future()).run();
        assertThat(end(told)).hasMessageContaining("closed");
        await(released.future());
    }

    @Test
    void whatIsBeingSentIsCutOffWhenTheLinkExpires(Vertx vertx) throws Exception {
        expiresAt = Instant.now().minusSeconds(1);
        Told told = await(ask(vertx, LinkAccessTest::begin));
        assertThat(end(told)).hasMessageContaining("closed");
        await(released.future());
    }

    @Test
    void nothingIsHeldAfterAnAnswer(Vertx vertx) throws Exception {
        Told told = await(ask(vertx, ctx -> ctx.end("all")));
        assertThat(await(told.body())).isEqualTo(Buffer.buffer("all"));
        await(released.future());
    }

    @Test
    void nothingIsHeldAfterTheClientHasLeft(Vertx vertx) throws Exception {
        Told told = await(ask(vertx, LinkAccessTest::begin));
        told.response().request().connection().close();
        await(released.future());
    }
}
