package dev.berth.http.export;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.har.HarSchema;
import dev.berth.logs.LogPage;
import dev.berth.logs.LogReader;
import dev.berth.protocol.KeptBody;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.LogTail;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@Timeout(60)
class HarPiecesTest {
    private final List<byte[]> network = new ArrayList<>();
    private final List<byte[]> bodies = new ArrayList<>();
    private int largestRead;

    private void request(Optional<KeptBody> body) {
        NetworkEntry entry = new NetworkEntry(
                "http://a.test/" + network.size(),
                "GET",
                Optional.of(200),
                1,
                1,
                "fetch",
                "text/plain",
                Instant.EPOCH,
                false,
                false,
                Optional.empty(),
                Map.of(),
                Map.of());
        network.add(LogLines.line(entry.kept(UnaryOperator.identity(), body)));
    }

    private void requestWithBody() {
        request(Optional.of(KeptBody.at(bodies.size())));
        bodies.add(LogLines.line(new BodyEntry("text/plain", "body " + (network.size() - 1))));
    }

    private BiFunction<Long, Integer, Future<LogPage>> reads(Vertx vertx, List<byte[]> log) {
        LogReader reader = new LogReader(vertx, key -> Future.failedFuture("nothing is stored"));
        return (offset, limit) -> {
            largestRead = Math.max(largestRead, limit);
            List<byte[]> part =
                    log.subList((int) Math.min(log.size(), offset), (int) Math.min(log.size(), offset + limit));
            return reader.page(
                    1,
                    (from, most) -> Future.succeededFuture(
                            new LogTail(log.size(), List.of(), offset, LogLines.of(List.copyOf(part)))),
                    offset,
                    limit,
                    () -> false);
        };
    }

    private HarPieces pieces(Vertx vertx, boolean content) {
        return new HarPieces(
                SessionId.random(),
                reads(vertx, network),
                content ? Optional.of(reads(vertx, bodies)) : Optional.empty(),
                () -> Future.succeededFuture(List.of()),
                vertx.createSharedWorkerExecutor("har-test", 1));
    }

    private static List<JsonObject> entries(HarPieces pieces) throws Exception {
        Buffer text = Buffer.buffer();
        Optional<Buffer> piece = await(pieces.next());
        while (piece.isPresent()) {
            text.appendBuffer(piece.get());
            piece = await(pieces.next());
        }
        return HarSchema.entries(HarSchema.log(text.getBytes()));
    }

    private static String url(JsonObject entry) {
        return entry.getJsonObject("request").getString("url");
    }

    @Test
    void aLongLogIsReadInParts(Vertx vertx) throws Exception {
        for (int i = 0; i < 1_234; i++) {
            request(Optional.empty());
        }
        List<JsonObject> entries = entries(pieces(vertx, false));
        assertThat(entries).hasSize(1_234);
        assertThat(url(entries.get(1_233))).isEqualTo("http://a.test/1233");
        assertThat(largestRead).isEqualTo(HarPieces.ENTRIES);
    }

    @Test
    void anEmptyLogIsAHarToo(Vertx vertx) throws Exception {
        assertThat(entries(pieces(vertx, false))).isEmpty();
    }

    @Test
    void aHarEndsAlthoughTheSessionGoesOn(Vertx vertx) throws Exception {
        request(Optional.empty());
        HarPieces pieces = pieces(vertx, false);
        Buffer text = Buffer.buffer();
        for (Optional<Buffer> piece = await(pieces.next()); piece.isPresent(); piece = await(pieces.next())) {
            text.appendBuffer(piece.get());
            request(Optional.empty());
        }
        assertThat(HarSchema.entries(HarSchema.log(text.getBytes()))).hasSize(1);
    }

    @Test
    void eachResponseGetsItsOwnBody(Vertx vertx) throws Exception {
        for (int i = 0; i < 50; i++) {
            requestWithBody();
            request(i % 3 == 0 ? Optional.empty() : Optional.of(KeptBody.missing("too large")));
        }
        List<JsonObject> entries = entries(pieces(vertx, true));
        assertThat(largestRead).isEqualTo(HarPieces.ENTRIES_WITH_BODIES);
        for (int i = 0; i < 100; i += 2) {
            assertThat(content(entries.get(i)).getString("text")).isEqualTo("body " + i);
            assertThat(content(entries.get(i + 1)).getString("text")).isNull();
        }
        assertThat(content(entries.get(3)).getString("comment")).isEqualTo("too large");
    }

    private static JsonObject content(JsonObject entry) {
        return entry.getJsonObject("response").getJsonObject("content");
    }
}
