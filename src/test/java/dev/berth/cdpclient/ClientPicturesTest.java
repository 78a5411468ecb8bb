package dev.berth.cdpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.cdpclient.command.CdpCommand;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ClientPicturesTest {
    private static final int HEAD_BYTES = 30;

    private final FakePictures store = new FakePictures();
    private final List<ArtifactEntry> listed = new ArrayList<>();
    private Future<?> listing = Future.succeededFuture();
    private ClientPictures pictures;

    @BeforeEach
    void make(Vertx vertx) {
        pictures = new ClientPictures(
                vertx,
                7L,
                SessionId.random(),
                picture -> {
                    listed.add(picture);
                    return listing;
                },
                store);
    }

    private void send(long id, String method, Map<String, Object> params) {
        pictures.sent(new CdpCommand(OptionalLong.of(id), method, Optional.of("s"), params), Optional.of("page"));
    }

    /** A reply that arrives in two parts. */
    private void reply(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int head = Math.min(HEAD_BYTES, bytes.length);
        if (pictures.begins(bytes, head)) {
            pictures.add(bytes, 0, head, head == bytes.length);
            if (head < bytes.length) {
                pictures.add(bytes, head, bytes.length, true);
            }
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> settled(Future<Map<String, Object>> outcome) throws Exception {
        return outcome.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private List<String> kept() {
        return store.kept.values().stream().map(Buffer::toString).toList();
    }

    @Test
    void aScreenshotIsKeptAndNamed() throws Exception {
        send(1, "Page.captureScreenshot", Map.of("format", "jpeg"));
        Future<Map<String, Object>> outcome = pictures.outcome(1).orElseThrow();
        reply("{\"id\":1,\"result\":{\"data\":\"" + base64("a picture") + "\"}}");
        assertThat(settled(outcome)).containsEntry("size", 9L);
        assertThat(kept()).containsExactly("a picture");
        assertThat(listed).singleElement().satisfies(artifact -> {
            assertThat(artifact.objectKey()).endsWith(".jpg");
            assertThat(artifact.pageId()).contains("page");
        });
        assertThat(ClientPictures.MEMORY.usedBytes()).isZero();
    }

    @Test
    void aDocumentThatIsReadInPiecesIsKeptWhenItIsClosed() throws Exception {
        send(1, "Page.printToPDF", Map.of("transferMode", "ReturnAsStream"));
        Future<Map<String, Object>> outcome = pictures.outcome(1).orElseThrow();
        reply("{\"id\":1,\"result\":{\"stream\":\"h\"}}");
        send(2, "IO.read", Map.of("handle", "h"));
        reply("{\"id\":2,\"result\":{\"base64Encoded\":true,\"data\":\"" + base64("a doc") + "\",\"eof\":false}}");
        send(3, "IO.read", Map.of("handle", "h"));
        reply("{\"id\":3,\"result\":{\"data\":\"ument\",\"eof\":true}}");
        send(4, "IO.close", Map.of("handle", "h"));
        assertThat(settled(outcome)).containsKey("objectId");
        assertThat(kept()).containsExactly("a document");
    }

    @Test
    void aDocumentThatIsNotReadToItsEndIsNotKept() throws Exception {
        send(1, "Page.printToPDF", Map.of());
        Future<Map<String, Object>> outcome = pictures.outcome(1).orElseThrow();
        reply("{\"id\":1,\"result\":{\"stream\":\"h\"}}");
        pictures.close();
        assertThat(settled(outcome)).containsKey(ClientPictures.NOT_KEPT);
        assertThat(store.kept).isEmpty();
    }

    @Test
    void theOldestDocumentThatIsLeftOpenIsNotKept() throws Exception {
        List<Future<Map<String, Object>>> outcomes = new ArrayList<>();
        for (int id = 0; id <= ClientPictures.MAX_STREAMS; id++) {
            send(id, "Page.printToPDF", Map.of());
            outcomes.add(pictures.outcome(id).orElseThrow());
            byte[] opened =
                    ("{\"id\":" + id + ",\"result\":{\"stream\":\"h" + id + "\"}}").getBytes(StandardCharsets.UTF_8);
            pictures.begins(opened, opened.length);
        }
        assertThat(settled(outcomes.get(0))).containsKey(ClientPictures.NOT_KEPT);
        assertThat(outcomes.stream().filter(Future::isComplete)).hasSize(1);
        assertThat(ClientPictures.MEMORY.usedBytes()).isZero();
    }

    @Test
    void aPictureThatTheSessionDoesNotTakeIsRemoved() throws Exception {
        listing = Future.failedFuture(new BerthException(ErrorCode.ACTION_FAILED, "it is full"));
        send(1, "Page.captureScreenshot", Map.of());
        Future<Map<String, Object>> outcome = pictures.outcome(1).orElseThrow();
        reply("{\"id\":1,\"result\":{\"data\":\"" + base64("a picture") + "\"}}");
        assertThat(settled(outcome)).containsEntry(ClientPictures.NOT_KEPT, "it is full");
        assertThat(store.kept).isEmpty();
    }

    @Test
    void aPictureForWhichThereIsNoMemoryPassesUncopied() throws Exception {
        send(1, "Page.captureScreenshot", Map.of());
        Future<Map<String, Object>> outcome = pictures.outcome(1).orElseThrow();
        byte[] head = "{\"id\":1,\"result\":{\"data\":\"".getBytes(StandardCharsets.UTF_8);
        assertThat(pictures.begins(head, head.length)).isTrue();
        byte[] piece = new byte[1 << 20];
        for (long sent = 0; sent < ClientPictures.MEMORY.maxBytesEach(); sent += piece.length) {
            pictures.add(piece, 0, piece.length, false);
        }
        assertThat(settled(outcome)).containsKey(ClientPictures.NOT_KEPT);
        assertThat(ClientPictures.MEMORY.usedBytes()).isZero();
        pictures.add(piece, 0, piece.length, true);
        assertThat(pictures.begins(head, head.length)).isFalse();
    }

    @Test
    void whatIsNoPictureIsNotCopied() {
        assertThat(pictures.outcome(1)).isEmpty();
        byte[] event = "{\"method\":\"Page.loaded\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(pictures.begins(event, event.length)).isFalse();
    }
}
