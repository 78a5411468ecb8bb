package dev.berth.http.sockets;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/** The request to upgrade to a WebSocket (RFC 6455, 4.2). The user of the socket reads and writes its frames. */
final class Upgrade {
    private static final String KEY = "Sec-WebSocket-Key";
    private static final Pattern SOUND_KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private Upgrade() {}

    static boolean isAskedFor(HttpServerRequest request) {
        String key = request.getHeader(KEY);
        String connection = request.getHeader("Connection");
        return request.version() == HttpVersion.HTTP_1_1
                && request.method() == HttpMethod.GET
                && "websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
                && connection != null
                && connection.toLowerCase(Locale.ROOT).contains("upgrade")
                && "13".equals(request.getHeader("Sec-WebSocket-Version"))
                && key != null
                && SOUND_KEY.matcher(key).matches();
    }

    /** Sends 101. Completes with the socket. */
    static Future<NetSocket> grant(HttpServerRequest request) {
        request.response()
                .putHeader("Upgrade", "websocket")
                .putHeader("Connection", "Upgrade")
                .putHeader("Sec-WebSocket-Accept", accept(request.getHeader(KEY)));
        request.resume();
        return request.toNetSocket();
    }

    /** The {@code Sec-WebSocket-Accept} for a client's {@code Sec-WebSocket-Key} (RFC 6455, 4.2.2). */
    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-1
        }
    }
}
