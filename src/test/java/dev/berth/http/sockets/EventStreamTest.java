package dev.berth.http.sockets;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over real sockets, with a clock that is turned by hand. */
@ExtendWith(VertxExtension.class)
class EventStreamTest {
    private final HandScheduler clock = new HandScheduler();
    private final Promise<EventStream> opened = Promise.promise();
    private Context loop;
    private HttpServer server;
    private Socket client;

    @BeforeEach
    void connect(Vertx vertx) throws Exception {
        loop = ((VertxInternal) vertx).createEventLoopContext();
        server = await(await(on(
                loop,
                () -> vertx.createHttpServer(new HttpServerOptions().setCompressionSupported(true))
                        .requestHandler(request -> opened.complete(new EventStream(request, clock)))
                        .listen(0, "127.0.0.1"))));
        client = new Socket();
        client.setReceiveBufferSize(4_096);
        client.connect(new InetSocketAddress("127.0.0.1", server.actualPort()));
        client.setSoTimeout(20_000);
        client.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
    }

    @AfterEach
    void close() throws IOException {
        client.close();
    }

    private EventStream begin() throws Exception {
        EventStream stream = await(opened.future());
        await(on(loop, () -> {
            stream.begin("1.2", () -> {}, () -> {});
            return null;
        }));
        return stream;
    }

    private String received(String last) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(last) < 0) {
            int next = client.getInputStream().read();
            if (next < 0) {
                return text + " and then the end";
            }
            text.append((char) next);
        }
        return text.toString();
    }

    @Test
    void theFirstIdComesAtOnceAndHeartbeatsByTheClock() throws Exception {
        begin();
        assertThat(received("id: 1.2\n\n"))
                .startsWith("HTTP/1.1 200 OK")
                .contains("text/event-stream")
                .doesNotContain("gzip");
        for (int i = 0; i < 3; i++) {
            clock.advance(EventStream.HEARTBEAT_MILLIS);
            assertThat(received(":\n\n")).endsWith("3\r\n:\n\n");
        }
    }

    @Test
    void aClientThatTakesNothingIsDisconnected() throws Exception {
        EventStream stream = begin();
        await(on(loop, () -> {
            while (!stream.isFull()) {
                stream.buffer().appendBuffer(Buffer.buffer(new byte[60_000]));
                stream.flush();
            }
            return null;
        }));
        clock.advance(EventStream.HEARTBEAT_MILLIS);
        assertThat(await(on(loop, stream::isOver))).isFalse();
        clock.advance(EventStream.HEARTBEAT_MILLIS);
        clock.advance(1_000);
        await(stream.over());
        assertThat(clock.timers()).isZero();
    }

    @Test
    void theReasonOfAnEarlyEndIsTheLastEvent() throws Exception {
        EventStream stream = begin();
        BerthException why = new BerthException(ErrorCode.NOT_READY, "on \"purpose\"");
        await(on(loop, () -> {
            stream.fail(why);
            return null;
        }));
        await(stream.over());
        assertThat(received("\r\n0\r\n"))
                .contains("event: error\ndata: {\"code\":\"not_ready\",\"message\":\"on \\\"purpose\\\"\"")
                .doesNotContain("and then the end");
    }

    @Test
    void beforeTheFirstEventTheReasonIsAnHttpError() throws Exception {
        EventStream stream = await(opened.future());
        await(on(loop, () -> {
            stream.fail(new BerthException(ErrorCode.LIMIT_REACHED, "too many"));
            return null;
        }));
        await(stream.over());
        assertThat(received("\r\n")).startsWith("HTTP/1.1 429");
    }

    @Test
    void aClientThatLeavesEndsTheStream() throws Exception {
        EventStream stream = begin();
        received("id: 1.2\n\n");
        client.close();
        await(stream.over());
    }
}
