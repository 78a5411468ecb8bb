package dev.berth.http.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThumbnailRouteTest {
    private final SessionId session = SessionId.random();
    private final List<Promise<Buffer>> asked = new ArrayList<>();
    private long now;
    private final ThumbnailRoute thumbnails = new ThumbnailRoute(
            null,
            (id, width) -> {
                asked.add(Promise.promise());
                return Optional.of(asked.get(asked.size() - 1).future());
            },
            () -> now);

    @Test
    void allWhoAskMeanwhileGetTheSamePicture() {
        Future<Buffer> first = thumbnails.picture(session, 320);
        Future<Buffer> second = thumbnails.picture(session, 320);
        assertThat(asked).hasSize(1);
        asked.get(0).complete(Buffer.buffer("picture"));
        assertThat(first.result()).hasToString("picture");
        assertThat(second.result()).hasToString("picture");
    }

    @Test
    void aPictureIsTakenAgainOnceItIsOld() {
        thumbnails.picture(session, 320);
        asked.get(0).complete(Buffer.buffer("old"));
        now = TimeUnit.SECONDS.toNanos(2) - 1;
        assertThat(thumbnails.picture(session, 320).result()).hasToString("old");
        now++;
        Future<Buffer> later = thumbnails.picture(session, 320);
        asked.get(1).complete(Buffer.buffer("new"));
        assertThat(later.result()).hasToString("new");
    }

    @Test
    void howeverManySizesAreAskedForThreePicturesAreTaken() {
        List<Future<Buffer>> all = IntStream.rangeClosed(64, 640)
                .mapToObj(width -> thumbnails.picture(session, width))
                .toList();
        assertThat(asked).hasSize(3);
        for (int i = 0; i < 3; i++) {
            asked.get(i).complete(Buffer.buffer("picture " + i));
        }
        assertThat(all.get(0).result()).hasToString("picture 0");
        assertThat(all.get(160 - 64).result()).hasToString("picture 0");
        assertThat(all.get(161 - 64).result()).hasToString("picture 1");
        assertThat(all.get(640 - 64).result()).hasToString("picture 2");
    }

    @Test
    void sessionsDoNotWaitForEachOther() {
        thumbnails.picture(session, 320);
        thumbnails.picture(SessionId.random(), 320);
        assertThat(asked).hasSize(2);
    }
}
