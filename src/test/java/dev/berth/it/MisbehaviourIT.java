package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.database.Database;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What only broken or hostile clients send: each gets an error if possible, and none is logged as a fault of the
 * server.
 */
class MisbehaviourIT {
    private static final String AUTH = "Host: localhost\r\nAuthorization: Bearer " + Berth.KEY + "\r\n";
    private static final String CREATE =
            "POST /api/sessions HTTP/1.1\r\n" + AUTH + "Content-Type: application/json\r\n";
    private static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n";
    private static final String CLOSE = LIVE + "Connection: close\r\n\r\n";
    private static final String SOCKET =
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private final Berth berth = Berth.shared();

    private Socket send(byte[] bytes) throws IOException {
        Socket socket = new Socket("127.0.0.1", URI.create(berth.server.url()).getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(bytes);
        return socket;
    }

    /** Reads everything until the server closes the connection. */
    private String ask(String text) throws IOException {
        try (Socket socket = send(text.getBytes(StandardCharsets.ISO_8859_1))) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static int answers(String text) {
        return text.split("HTTP/1\\.1 ", -1).length - 1;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: foo",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 4",
                "Content-Length: 4\r\nContent-Length: 5"
            })
    void aRequestThatHasNoOneEndIsTheLastOfItsConnection(String headers) throws IOException {
        String answer = ask(CREATE + headers + "\r\nX-Request-Id: x\r\n\r\n0\r\n\r\n" + CLOSE);
        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("\"invalid_argument\"", "X-Request-Id: ", "Connection: close");
        assertThat(answers(answer)).isOne();
    }

    /** Whatever the answer will be: else the server could not tell whether the body or the next request follows. */
    @ParameterizedTest
    @CsvSource({
        "POST /api/sessions HTTP/1.1, '', application/json, 400",
        "POST /api/sessions HTTP/1.1, X-API-Key: nobodys, application/json, 401",
        "POST /api/sessions HTTP/1.1, X-Other: x, application/json, 401",
        "POST /api/sessions HTTP/1.1, '', text/plain, 415",
        "POST /api/sessions/nonsense/upload HTTP/1.1, '', application/json, 404"
    })
    void aClientThatAsksIsToldToSendItsBody(String line, String key, String type, int status) throws IOException {
        String request = line + "\r\nHost: localhost\r\n" + (key.isEmpty() ? "X-API-Key: " + Berth.KEY : key)
                + "\r\nExpect: 100-continue\r\nContent-Type: " + type + "\r\nContent-Length: 7\r\n\r\n";
        try (Socket socket = send(request.getBytes(StandardCharsets.US_ASCII))) {
            assertThat(new String(socket.getInputStream().readNBytes(25), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            socket.getOutputStream().write(("{\"x\":1}" + CLOSE).getBytes(StandardCharsets.US_ASCII));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answers).startsWith("HTTP/1.1 " + status + " ").contains("HTTP/1.1 200 OK");
            assertThat(answers(answers)).isEqualTo(2);
        }
    }

    @Test
    void tooLongRequestsAreRefusedWithTheLimit() throws IOException {
        assertThat(ask(LIVE + "X: " + "x".repeat(9_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .contains("invalid_argument");
        assertThat(ask("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 414 ", "invalid_argument");
    }

    /** {@link LeavesNothingBehindIT} reads the log. */
    @Test
    void noneIsLoggedAsAServerError() throws IOException {
        String session = berth.api().newSession();
        for (String bytes : misbehaviour(session)) {
            try (Socket socket = send(bytes.getBytes(StandardCharsets.ISO_8859_1))) {
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (IOException reset) {
                // A closed connection is an acceptable answer, too.
            }
            send(bytes.getBytes(StandardCharsets.ISO_8859_1)).close();
        }
        leaveWhileKeysAreLookedUp();
        assertThat(berth.api().get(session).json().getString("status")).isEqualTo("running");
        assertThat(berth.api().delete(session).status()).isEqualTo(200);
    }

    /** The lookup takes as long as the table is locked. */
    private void leaveWhileKeysAreLookedUp() throws IOException {
        Database database =
                new Database(berth.vertx, berth.server.config().postgres().uri().orElseThrow(), 1);
        SqlConnection connection = Berth.await(database.pool().getConnection());
        Transaction transaction = Berth.await(connection.begin());
        Berth.await(
                connection.query("lock table api_keys in access exclusive mode").execute());
        for (int i = 0; i < 20; i++) {
            String connect = "GET /connect?token=unknown" + i
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n" + SOCKET;
            send((connect + "\r\n").getBytes(StandardCharsets.US_ASCII)).close();
        }
        // When this is answered, the clients' absence has been noticed.
        assertThat(Api.fetch(berth.server.url() + "/health/live").status()).isEqualTo(200);
        Berth.await(transaction.commit());
        Berth.await(connection.close());
        Berth.await(database.close());
        assertThat(new Api(berth.server.url(), "unknown too")
                        .get("/api/sessions")
                        .status())
                .isEqualTo(401);
    }

    private static List<String> misbehaviour(String session) {
        String body = CREATE + "Content-Length: 700\r\n\r\n{\"x\":1}";
        String chunked = CREATE + "Transfer-Encoding: chunked\r\n\r\n";
        String cdp = "GET " + session + "/cdp HTTP/1.1\r\n" + AUTH + SOCKET;
        return List.of(
                body,
                chunked + "7\r\n{\"x\":",
                chunked + "zz\r\n{}",
                chunked + "2\r\n{}XX0\r\n\r\n",
                chunked + "ffffffffff\r\n{}",
                "POST " + session + "/upload HTTP/1.1\r\n" + AUTH
                        + "Content-Type: application/json\r\nContent-Length: 9000000\r\n\r\n{" + " ".repeat(100_000),
                "POST " + session + "/upload HTTP/1.1\r\n" + AUTH
                        + "Expect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n",
                "\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000\u00a1\u0003\u0003" + "\u0001".repeat(160) + "\n",
                "\u0000\u00ff\u0001garbage\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                LIVE + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
                LIVE.replace("1.1", "3.0") + "\r\n",
                LIVE + "X: " + "x".repeat(20_000) + "\r\n\r\n",
                CREATE + "Idempotency-Key: %zz\r\nContent-Length: 7\r\n\r\n{\"x\":1}",
                cdp + "Connection: close\r\n\r\n",
                cdp + "\r\n",
                cdp.replace("GET", "POST") + "Connection: Upgrade\r\n\r\n",
                cdp.replace("dGhl", "!!!!") + "Connection: Upgrade\r\n\r\n",
                cdp.replace("13", "8") + "Connection: Upgrade\r\n\r\n",
                cdp + "Connection: Upgrade\r\nContent-Length: 5\r\n\r\nhello",
                cdp + "Connection: Upgrade\r\nTransfer-Encoding: foo\r\n\r\n",
                cdp + "Connection: Upgrade\r\n\r\n\u00ff\u00ff\u00ff\u00ff",
                "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "CONNECT a:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET " + session + "/health HTTP/1.1\r\n" + AUTH + "\r\n",
                (LIVE + "\r\n").repeat(500),
                "GET " + session + "/console?level=error HTTP/1.1\r\n" + AUTH + "\r\n");
    }
}
