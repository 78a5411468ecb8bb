package dev.berth.http.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(VertxExtension.class)
class PageOriginTest {
    /** A policy that names too little leaves the page blank. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "true, a.example:8443, https://a.example:8443, a.example:8443/ui/ a.example:8443/sdk/",
                "true, a.example, https://b.example/berth, a.example/ui/ a.example/sdk/ b.example/berth/ui/ b.example/berth/sdk/",
                "true, [::1]:8080, https://b.example, 'self'",
                "true, a_b.example, https://b.example, 'self'",
                "true, a.example, https://b.example/a;b, 'self'",
                "false, a.example, http://a.example, 'self'"
            })
    void scriptsAreOfBerthsOwnPathsWhereTheirPlaceIsKnown(
            boolean isSet, String host, String base, String sources, Vertx vertx) throws Exception {
        PageOrigin origin = new PageOrigin(request -> base, isSet);
        Router router = Router.router(vertx);
        router.get().handler(ctx -> ctx.end(origin.scripts(ctx, "/ui/")));
        HttpServer server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(get(server.actualPort(), host)).endsWith("\r\n\r\n" + sources);
    }

    private static String get(int port, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            String request = "GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
