package dev.berth.http.docs;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.http.request.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class DocsRoutesTest {
    private final AtomicBoolean broken = new AtomicBoolean(true);

    private Buffer read(String name) {
        try (InputStream file = getClass().getClassLoader().getResourceAsStream(name)) {
            if (broken.get() || file == null) {
                throw new IOException(name);
            }
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFailedReadIsTriedAgain(Vertx vertx) throws Exception {
        Router router = Router.router(vertx);
        router.route().failureHandler(Problem::answer);
        new DocsRoutes(vertx, this::read).mount(router);
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        assertThat(status(vertx, server)).isEqualTo(500);
        broken.set(false);
        assertThat(status(vertx, server)).isEqualTo(200);
    }

    private static int status(Vertx vertx, HttpServer server) throws Exception {
        return await(vertx.createHttpClient()
                .request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/docs/")
                .compose(request -> request.send())
                .compose(response -> response.end().compose(end -> Future.succeededFuture(response.statusCode()))));
    }
}
