package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Requests for WebSockets, as bytes. */
final class Upgrade {
    private Upgrade() {}

    /** The HTTP answer. */
    record Refusal(int status, JsonObject error) {
        String code() {
            return error.getString("code");
        }

        String message() {
            return error.getString("message");
        }
    }

    static Refusal refused(String url) {
        return refused(url, Map.of());
    }

    /** Only sends the request. */
    static Socket ask(String url, Map<String, String> headers) throws IOException {
        URI to = URI.create(url);
        StringBuilder request = new StringBuilder("GET " + url.replaceFirst("^ws://[^/]+", "") + " HTTP/1.1\r\n"
                + "Host: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        Socket socket = new Socket(to.getHost(), to.getPort());
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** A socket whose next bytes are frames. */
    static Socket accepted(String url) throws IOException {
        Socket socket = ask(url, Map.of());
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        assertThat(head.toString())
                .startsWith("HTTP/1.1 101 ")
                .containsIgnoringCase("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        return socket;
    }

    static Refusal refused(String url, Map<String, String> headers) {
        try (Socket socket = ask(url, headers)) {
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Refusal(
                    Integer.parseInt(answer.split(" ")[1]),
                    new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4)).getJsonObject("error"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
