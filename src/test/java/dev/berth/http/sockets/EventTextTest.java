package dev.berth.http.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.EndReason;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.SessionCreated;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryKind;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventTextTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.006Z");
    private static final SessionId ID = new SessionId("session-00000000-0000-0000-0000-000000000001");

    private static String text(SessionEvent event, StoryCursor before) {
        Buffer out = Buffer.buffer();
        EventText.append(out, event, before.after(event), artifact -> "an artifact");
        return out.toString();
    }

    @Test
    void anEventHasThePositionAfterIt() {
        StoryCursor before = StoryCursor.START.with(StoryKind.ACTION, 5);
        assertThat(text(new PageNavigated(ID, 3, new NavigationEntry("https://a.b/", "A\nB", AT)), before))
                .isEqualTo("""
                        id: 0.4.5.0.0.0
                        event: navigation
                        data: {"url":"https://a.b/","title":"A\\nB","timestamp":"2026-01-02T03:04:05.006Z","pageId":null}

                        """);
    }

    @Test
    void eachLineOfALogIsAnEvent() {
        List<byte[]> lines = Stream.of("{\"a\":1}", "{\"b\":2}")
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .toList();
        StoryCursor before = StoryCursor.START.with(StoryKind.STATUS, 2).with(StoryKind.ARTIFACT, 1);
        assertThat(text(new LogAppended(ID, LogKind.CONSOLE, 7, LogLines.of(lines)), before))
                .isEqualTo(
                        "id: 2.0.0.8.0.1\nevent: console\ndata: {\"a\":1}\n\nid: 2.0.0.9.0.1\nevent: console\ndata: {\"b\":2}\n\n");
        assertThat(text(new LogAppended(ID, LogKind.NETWORK, 0, LogLines.of(lines)), before))
                .contains("id: 2.0.0.0.1.1\nevent: network\n", "id: 2.0.0.0.2.1\n");
    }

    @Test
    void aStatusSaysHowTheSessionEnded() {
        assertThat(text(new SessionCreated(ID, AT), StoryCursor.START))
                .contains("id: 1.0.0.0.0.0\nevent: status\n", "\"status\":\"creating\"")
                .doesNotContain("client");
        SessionEnded ended = new SessionEnded(ID, SessionStatus.COMPLETED, EndReason.CLIENT, AT);
        Buffer out = Buffer.buffer();
        EventText.append(out, ended, 17);
        assertThat(out.toString())
                .startsWith("id: 17\nevent: status\n")
                .contains("\"sessionId\":\"" + ID + "\",\"status\":\"completed\",\"endReason\":\"client\"");
    }
}
