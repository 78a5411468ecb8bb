package dev.berth.it;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A refused request for a WebSocket. */
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

    static Refusal refused(String url, Map<String, String> headers) {
        URI to = URI.create(url);
        StringBuilder request = new StringBuilder("GET " + url.replaceFirst("^ws://[^/]+", "") + " HTTP/1.1\r\n"
                + "Host: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        try (Socket socket = new Socket(to.getHost(), to.getPort())) {
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Refusal(
                    Integer.parseInt(answer.split(" ")[1]),
                    new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4)).getJsonObject("error"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
