package dev.berth.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.HttpServerOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDecoderTest {
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: x\r\n\r\n";
    private final EmbeddedChannel channel = new EmbeddedChannel(new RequestDecoder(new HttpServerOptions()));

    private List<HttpRequest> read(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
        List<HttpRequest> requests = new ArrayList<>();
        for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
            if (read instanceof HttpRequest request) {
                requests.add(request);
            }
        }
        return requests;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: foo",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding:",
                "Transfer-Encoding: \u000bchunked",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Transfer-Encoding: foo\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5, 6",
                "Content-Length: +5",
                "Content-Length: -5",
                "Content-Length: 5 5"
            })
    void anAmbiguousRequestIsInvalidAndEndsTheConnection(String headers) {
        List<HttpRequest> requests =
                read("POST / HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\n0\r\n\r\n" + NEXT + NEXT);
        assertThat(requests).hasSize(1);
        assertThat(requests.get(0).decoderResult().isFailure()).isTrue();
        assertThat(read(NEXT)).isEmpty();
    }

    @Test
    void http10HasNoTransferEncoding() {
        List<HttpRequest> requests = read("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT);
        assertThat(requests).hasSize(1);
        assertThat(requests.get(0).decoderResult().isFailure()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "transfer-encoding: Chunked\r\n\r\n0\r\n\r\n",
                "Content-Length: 5\r\n\r\nhello",
                "\r\n"
            })
    void aRequestWithOneEndIsFollowedByTheNext(String rest) {
        List<HttpRequest> requests = read("POST /first HTTP/1.1\r\nHost: x\r\n" + rest + NEXT);
        assertThat(requests).extracting(HttpRequest::uri).containsExactly("/first", "/next");
        assertThat(requests).allMatch(request -> request.decoderResult().isSuccess());
    }

    private void wait(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void aHeadThatTakesLongerThanAMinuteEndsTheConnection() {
        channel.freezeTime();
        assertThat(read(NEXT)).hasSize(1);
        wait(300);
        assertThat(channel.isOpen()).isTrue();
        read("GET / HT");
        wait(50);
        read("TP/1.1\r\n");
        wait(9);
        assertThat(channel.isOpen()).isTrue();
        wait(2);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aConnectionWithoutARequestEndsAfterAMinute() {
        channel.freezeTime();
        wait(61);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aBodyMayTakeLonger() {
        channel.freezeTime();
        assertThat(read("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"))
                .hasSize(1);
        for (int i = 0; i < 3; i++) {
            wait(50);
            read("x");
        }
        wait(300);
        assertThat(channel.isOpen()).isTrue();
        assertThat(read(NEXT)).hasSize(1);
    }
}
