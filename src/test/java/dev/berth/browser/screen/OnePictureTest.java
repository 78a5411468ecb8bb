package dev.berth.browser.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.screen.CastConnection.CastTarget;
import dev.berth.fake.HandScheduler;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnePictureTest {
    private final HandScheduler clock = new HandScheduler();
    private final List<String> asked = new ArrayList<>();
    private final OnePicture picture = new OnePicture(clock, Promise.promise());

    private Future<byte[]> painted = Future.failedFuture("none");

    private final class Chrome implements CastTarget {
        @Override
        public void start() {
            asked.add("start");
        }

        @Override
        public void stop() {
            asked.add("stop");
        }

        @Override
        public void acknowledge(int cast) {
            asked.add("ack");
        }

        @Override
        public Future<byte[]> picture() {
            asked.add("picture");
            return painted;
        }

        @Override
        public void leave() {
            asked.add("leave");
        }
    }

    private Future<Buffer> take() {
        return picture.take(listener -> Future.succeededFuture(new Chrome()));
    }

    private void frame() {
        picture.came(new FrameEvent("", 1, new byte[] {1}, Instant.EPOCH, 10, 10));
    }

    @Test
    void itIsTheFirstFrame() {
        Future<Buffer> taken = take();
        frame();
        assertThat(taken.result()).isEqualTo(Buffer.buffer(new byte[] {1}));
        assertThat(asked).containsExactly("start", "leave");
        assertThat(clock.timers()).isZero();
    }

    @Test
    void aPageThatHasNotPaintedIsAskedToUntilItDoes() throws Exception {
        Future<Buffer> taken = take();
        clock.advance(600);
        assertThat(asked).containsExactly("start", "picture", "stop", "start", "picture");
        frame();
        assertThat(taken.succeeded()).isTrue();
        assertThat(clock.timers()).isZero();
    }

    @Test
    void noFurtherPictureIsAskedForBeforeTheOneBeforeCame() throws Exception {
        painted = Promise.<byte[]>promise().future();
        take();
        clock.advance(4_000);
        assertThat(asked).containsExactly("start", "picture");
    }

    @Test
    void aPageThatDoesNotPaintIsAskedMoreAndMoreRarely() throws Exception {
        take();
        clock.advance(4_999);
        assertThat(asked.stream().filter("picture"::equals)).hasSize(4);
    }

    @Test
    void aPageThatGivesNoneIsLeftInTheEnd() throws Exception {
        Future<Buffer> taken = take();
        clock.advance(5_000);
        assertThat(((BerthException) taken.cause()).code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(asked).endsWith("leave");
        assertThat(clock.timers()).isZero();
    }

    @Test
    void whatIsAttachedTooLateIsLeftAtOnce() throws Exception {
        Promise<CastTarget> attached = Promise.promise();
        Future<Buffer> taken = picture.take(listener -> attached.future());
        clock.advance(5_000);
        attached.complete(new Chrome());
        assertThat(taken.failed()).isTrue();
        assertThat(asked).containsExactly("leave");
    }

    @Test
    void aClosedPageFailsIt() {
        Future<Buffer> taken = take();
        picture.detached();
        assertThat(taken.cause()).hasMessage("the page was closed");
    }
}
