package dev.berth.http.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndedLogsTest {
    private static final LogChunk CHUNK = new LogChunk("key", 0, 5);

    private final EndedLogs.Log log = new EndedLogs.Log(1, SessionId.random(), LogKind.CONSOLE);
    private final List<String> asked = new ArrayList<>();
    private Future<Optional<List<LogChunk>>> whole = Future.succeededFuture(Optional.of(List.of(CHUNK)));
    private long now;
    private final EndedLogs logs = new EndedLogs(
            (id, kind, max) -> {
                asked.add("whole");
                return whole;
            },
            (id, kind, offset, limit) -> {
                asked.add("from " + offset);
                return Future.succeededFuture(List.of(CHUNK));
            },
            () -> now);

    @Test
    void repeatedReadsAskOnce() {
        assertThat(logs.find(log, 0, 2)).isEmpty();
        assertThat(logs.read(log, 0, 2).result().total()).isEqualTo(5);
        assertThat(logs.find(log, 2, 2).orElseThrow().result().chunks()).containsExactly(CHUNK);
        assertThat(asked).containsExactly("whole");
    }

    @Test
    void anotherUserGetsNothingFromTheCache() {
        logs.read(log, 0, 2);
        assertThat(logs.find(new EndedLogs.Log(2, log.sessionId(), log.kind()), 0, 2))
                .isEmpty();
        assertThat(logs.find(new EndedLogs.Log(1, log.sessionId(), LogKind.NETWORK), 0, 2))
                .isEmpty();
    }

    @Test
    void theCacheExpires() {
        logs.read(log, 0, 2);
        now += Duration.ofSeconds(2).toNanos();
        assertThat(logs.find(log, 0, 2)).isEmpty();
        logs.read(log, 0, 2);
        assertThat(asked).containsExactly("whole", "whole");
    }

    @Test
    void aLongLogIsNotCached() {
        whole = Future.succeededFuture(Optional.empty());
        assertThat(logs.read(log, 7, 2).succeeded()).isTrue();
        assertThat(logs.find(log, 9, 2).orElseThrow().succeeded()).isTrue();
        assertThat(asked).containsExactly("whole", "from 7", "from 9");
    }

    @Test
    void aFailureIsNotCached() {
        whole = Future.failedFuture("Postgres is away");
        assertThat(logs.read(log, 0, 2).failed()).isTrue();
        assertThat(logs.find(log, 0, 2)).isEmpty();
    }

    @Test
    void aLogThatMayStillGrowIsNotCached() {
        assertThat(logs.readOnce(log, 3, 2).succeeded()).isTrue();
        assertThat(logs.find(log, 3, 2)).isEmpty();
    }
}
