package dev.berth.http.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.access.LinkTokens;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.FrameWriter;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Link tokens, close frames, origins and heartbeats. */
class SocketPartsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private final LinkTokens tokens = new LinkTokens("secret".getBytes(StandardCharsets.UTF_8));
    private static final String THING = "session:1";
    private static final long KEY = 7;

    @Test
    void aTokenIsValidForItsThingUntilItExpiresAndNamesItsKey() {
        String token = tokens.issue(THING, KEY, NOW.plusSeconds(10));
        assertThat(tokens.verify(THING, token, NOW)).hasValue(KEY);
        assertThat(tokens.verify("session:2", token, NOW)).isEmpty();
        assertThat(tokens.verify("artifact:1", token, NOW)).isEmpty();
        assertThat(tokens.verify(THING, token, NOW.plusSeconds(10))).isEmpty();
        assertThat(new LinkTokens(new byte[] {1}).verify(THING, token, NOW)).isEmpty();
    }

    @Test
    void aMalformedTokenIsInvalid() {
        String token = tokens.issue(THING, KEY, NOW.plusSeconds(10));
        String ofOtherKey = tokens.issue(THING, KEY + 1, NOW.plusSeconds(10)).substring(0, 22) + token.substring(22);
        for (String other :
                new String[] {"", "x", "%%%", "AAAAAAAAAAA", token + "A", token.substring(2), token + token, ofOtherKey
                }) {
            assertThat(tokens.verify(THING, other, NOW)).as(other).isEmpty();
        }
    }

    @Test
    void aCloseFrameIsCutToItsMaximum() {
        Buffer frame = FrameWriter.close(new CloseReason(4010, "é".repeat(100)));
        assertThat(frame.getByte(0)).isEqualTo((byte) 0x88);
        assertThat(frame.getByte(1)).isEqualTo((byte) 124);
        assertThat(frame.getUnsignedShort(2)).isEqualTo(4010);
        assertThat(frame.getString(4, frame.length())).isEqualTo("é".repeat(61));
    }

    @Test
    void endReasonsHaveCloseCodes() {
        assertThat(CloseReason.of(EndReason.CLIENT).code()).isEqualTo(1000);
        assertThat(CloseReason.of(EndReason.IDLE_TIMEOUT).code()).isEqualTo(4008);
        assertThat(CloseReason.of(EndReason.MAX_LIFETIME).code()).isEqualTo(4008);
        assertThat(CloseReason.of(EndReason.BROWSER_CRASHED))
                .isEqualTo(new CloseReason(4010, "the session ended: browser_crashed"));
    }

    @Test
    void onlyOwnPagesAndNonPagesMayPutAnApiKeyInTheUrl() {
        OriginRule local = new OriginRule(Optional.empty(), Set.of("https://app.example"));
        assertThat(local.allows(List.of(), "127.0.0.1:8080")).isTrue();
        assertThat(local.allows(List.of("http://127.0.0.1:8080"), "127.0.0.1:8080"))
                .isTrue();
        assertThat(local.allows(List.of("https://Berth.example"), "berth.example"))
                .isTrue();
        for (String origin : List.of("http://127.0.0.1:9090", "null", "", "file://", "http://evil.example")) {
            assertThat(local.allows(List.of(origin), "127.0.0.1:8080"))
                    .as(origin)
                    .isFalse();
        }
        assertThat(local.allows(List.of("https://app.example"), "127.0.0.1:8080"))
                .isTrue();
        assertThat(local.allows(List.of("http://127.0.0.1:8080", "http://127.0.0.1:8080"), "127.0.0.1:8080"))
                .isFalse();
        OriginRule proxied = new OriginRule(Optional.of(URI.create("https://berth.example:443/x/")), Set.of());
        assertThat(proxied.allows(List.of("https://berth.example"), "10.0.0.1:8080"))
                .isTrue();
        assertThat(proxied.allows(List.of("http://berth.example"), "10.0.0.1:8080"))
                .isFalse();
        assertThat(proxied.allows(List.of("http://10.0.0.1:8080"), "10.0.0.1:8080"))
                .isFalse();
    }
}
