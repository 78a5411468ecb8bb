package dev.berth.browser.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.browser.screen.CastConnection.CastTarget;
import dev.berth.fake.HandScheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PageCastTest {
    private final HandScheduler clock = new HandScheduler();
    private final List<String> asked = new ArrayList<>();
    private final List<Integer> seen = new ArrayList<>();
    private final List<String> documents = new ArrayList<>();
    private final Queue<Promise<byte[]>> pictures = new ArrayDeque<>();
    private String document = "first";
    private final PageCast cast = new PageCast(clock, "page", () -> document);
    private final Watch watch = watch(20, seen);

    @BeforeEach
    void begin() {
        cast.add(watch);
        cast.begin(() -> Future.succeededFuture(new Chrome()));
        asked.clear();
        pictures.clear();
    }

    @Test
    void theFirstChangeAfterARestComesAtOnceAndIsAcknowledgedAtOnce() throws Exception {
        frame(1);
        assertThat(seen).containsExactly(1);
        assertThat(asked).containsExactly("ack");
        clock.advance(10_000);
        assertThat(asked).containsExactly("ack");
    }

    @Test
    void thePaceIsThatOfTheAcknowledgements() throws Exception {
        frame(1);
        frame(2);
        assertThat(asked).containsExactly("ack");
        clock.advance(49);
        assertThat(asked).containsExactly("ack");
        clock.advance(1);
        assertThat(asked).containsExactly("ack", "ack");
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    void atRestThePresentPictureIsAskedForWhereAChangeMayBeMissing() throws Exception {
        frame(1);
        frame(2);
        clock.advance(100);
        asked.clear();
        clock.advance(300);
        assertThat(asked).containsExactly("stop", "start");
        frame(3);
        assertThat(asked).containsExactly("stop", "start", "ack");
        clock.advance(10_000);
        assertThat(asked).hasSize(3);
        assertThat(seen).containsExactly(1, 2, 3);
    }

    @Test
    void thePictureOfARestThatIsTheSameIsNotShownAgain() throws Exception {
        frame(1);
        frame(2);
        clock.advance(400);
        frame(2);
        clock.advance(1_000);
        assertThat(seen).containsExactly(1, 2);
        assertThat(asked).containsExactly("ack", "ack", "stop", "start", "ack");
    }

    @Test
    void aFrameThatIsLostIsAskedForAgain() throws Exception {
        frame(1);
        cast.lost();
        clock.advance(300);
        assertThat(asked).containsExactly("ack", "stop", "start");
    }

    @Test
    void theFirstPictureIsAskedForUntilItComes() throws Exception {
        clock.advance(300);
        clock.advance(600);
        assertThat(asked).containsExactly("stop", "start", "picture", "stop", "start", "picture");
        frame(1);
        clock.advance(100_000);
        assertThat(asked).containsExactly("stop", "start", "picture", "stop", "start", "picture", "ack");
    }

    @Test
    void eachWatcherHasItsOwnPaceAndTheLatestPicture() throws Exception {
        List<Integer> slow = new ArrayList<>();
        cast.add(watch(1, slow));
        for (int i = 1; i <= 5; i++) {
            frame(i);
            clock.advance(100);
        }
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
        assertThat(slow).containsExactly(1);
        clock.advance(1_000);
        assertThat(slow).containsExactly(1, 5);
    }

    @Test
    void whoComesLaterGetsTheLatestPicture() throws Exception {
        frame(1);
        List<Integer> late = new ArrayList<>();
        cast.add(watch(10, late));
        assertThat(late).containsExactly(1);
    }

    @Test
    void whoHasLeftGetsNothing() throws Exception {
        frame(1);
        frame(2);
        watch.close();
        clock.advance(1_000);
        assertThat(seen).containsExactly(1);
    }

    @Test
    void anEndedCastAsksForNothing() throws Exception {
        frame(1);
        frame(2);
        cast.end();
        frame(3);
        assertThat(asked).containsExactly("ack", "leave");
        assertThat(clock.timers()).isLessThanOrEqualTo(1);
        clock.advance(10_000);
        assertThat(asked).hasSize(2);
    }

    /** No frame is acknowledged: two are enough to know that a page moves. */
    @Test
    void aPageThatMovesIsTakenPictureByPictureWhereFewAreWanted() throws Exception {
        slowly();
        frame(1);
        assertThat(asked).isEmpty();
        frame(2);
        frame(3);
        assertThat(asked).containsExactly("stop");
        for (int i = 4; i <= 6; i++) {
            clock.advance(100);
            picture(i);
        }
        clock.advance(99);
        assertThat(asked).containsExactly("stop", "picture", "picture", "picture");
        assertThat(seen).startsWith(1, 2, 4, 5);
        clock.advance(1);
        assertThat(seen).containsExactly(1, 2, 4, 5, 6);
    }

    @Test
    void aPageThatRestsIsNotAskedAnyMore() throws Exception {
        slowly();
        frame(1);
        frame(2);
        clock.advance(100);
        picture(2);
        frame(2);
        clock.advance(100_000);
        assertThat(asked).containsExactly("stop", "picture", "start");
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    void aPageThatGivesNoPictureIsCastAgain() throws Exception {
        slowly();
        frame(1);
        frame(2);
        clock.advance(100);
        pictures.remove().fail("a script runs");
        frame(3);
        assertThat(asked).containsExactly("stop", "picture", "start");
        assertThat(seen).containsExactly(1, 2);
        clock.advance(100);
        assertThat(seen).containsExactly(1, 2, 3);
    }

    /** As where it began while a navigation swapped the page's view. */
    @Test
    void aScreencastThatBeginsWithoutAPictureBeginsAnewUntilThereIsOne() throws Exception {
        slowly();
        frame(1);
        frame(2);
        clock.advance(100);
        pictures.remove().fail("the page navigates");
        asked.clear();
        clock.advance(300);
        assertThat(asked).containsExactly("stop", "start", "picture");
        clock.advance(600);
        assertThat(asked).containsExactly("stop", "start", "picture", "stop", "start", "picture");
        frame(3);
        clock.advance(100_000);
        assertThat(asked).hasSize(6);
        assertThat(seen).containsExactly(1, 2, 3);
    }

    @Test
    void aScreencastThatIsSilentAfterANavigationBeginsAnew() throws Exception {
        slowly();
        frame(1);
        cast.navigated();
        clock.advance(1_000);
        assertThat(asked).isEmpty();
        document = "second";
        cast.navigated();
        clock.advance(299);
        assertThat(asked).isEmpty();
        clock.advance(1);
        assertThat(asked).containsExactly("stop", "start");
        frame(2);
        clock.advance(100_000);
        assertThat(asked).containsExactly("stop", "start");
        assertThat(documents).containsExactly("first", "second");
    }

    @Test
    void aLateFrameOfTheDocumentBeforeIsNotThePictureOfTheNext() throws Exception {
        frame(1);
        document = "second";
        cast.navigated();
        clock.advance(200);
        frame(2);
        clock.advance(100);
        assertThat(asked).containsExactly("ack", "ack", "stop", "start");
    }

    @Test
    void aDetachedCastIsAttachedAgainAlsoWhereThePageNavigatesMeanwhile() throws Exception {
        frame(1);
        cast.detached();
        document = "second";
        cast.navigated();
        clock.advance(1_000);
        assertThat(asked).startsWith("ack", "start");
        frame(2);
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    void aPictureThatWasAskedForBeforeANavigationIsNotAwaited() throws Exception {
        slowly();
        frame(1);
        frame(2);
        clock.advance(100);
        document = "second";
        cast.navigated();
        assertThat(asked).containsExactly("stop", "picture", "start");
        picture(3);
        frame(4);
        clock.advance(100);
        assertThat(seen).containsExactly(1, 2, 4);
        assertThat(documents).containsExactly("first", "first", "second");
    }

    /** A screencast makes large pictures smaller, a picture by itself comes as it is. */
    @Test
    void aLargePageKeepsItsScreencast() throws Exception {
        slowly();
        frame(1);
        frame(2);
        clock.advance(100);
        pictures.remove().complete(jpeg(3_840, 2_160));
        assertThat(asked).containsExactly("stop", "picture", "start");
        cast.came(new FrameEvent("", 1, jpeg(2_048, 1_152), Instant.EPOCH, 1_920, 1_080));
        cast.came(new FrameEvent("", 1, jpeg(2_047, 1_152), Instant.EPOCH, 1_920, 1_080));
        assertThat(asked).containsExactly("stop", "picture", "start", "stop");
    }

    /** Its first bytes: a segment that is no frame header, and one that is. */
    private static byte[] jpeg(int width, int height) {
        return Buffer.buffer()
                .appendBytes(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 4, 0, 0})
                .appendBytes(new byte[] {(byte) 0xff, (byte) 0xc0, 0, 11, 8})
                .appendUnsignedShort(height)
                .appendUnsignedShort(width)
                .appendBytes(new byte[4])
                .getBytes();
    }

    @Test
    void whoWantsMoreGetsAScreencastAtOnce() throws Exception {
        slowly();
        frame(1);
        frame(2);
        clock.advance(100);
        cast.add(watch(20, new ArrayList<>()));
        assertThat(asked).containsExactly("stop", "picture", "start");
        picture(3);
        frame(4);
        assertThat(asked).containsExactly("stop", "picture", "start", "ack");
    }

    private void slowly() {
        cast.remove(watch);
        cast.add(watch(10, seen));
    }

    private void picture(int number) {
        pictures.remove().complete(new byte[] {(byte) number});
    }

    @Test
    void aPageThatIsAttachedTooLateIsLeft() {
        PageCast late = new PageCast(clock, "page", () -> document);
        late.end();
        late.begin(() -> Future.succeededFuture(new Chrome()));
        assertThat(asked).containsExactly("leave");
    }

    @Test
    void attachingIsTriedAgainMoreAndMoreSlowlyUntilItSucceeds() throws Exception {
        cast.end();
        asked.clear();
        PageCast broken = new PageCast(clock, "page", () -> document);
        broken.begin(this::refuse);
        for (int wait : List.of(250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000)) {
            clock.advance(wait - 1);
            int before = asked.size();
            clock.advance(1);
            assertThat(asked).hasSize(before + 1);
        }
        broken.end();
        clock.advance(100_000);
        assertThat(asked).hasSize(9).containsOnly("refused");
    }

    private Future<CastTarget> refuse() {
        asked.add("refused");
        return Future.failedFuture("not now");
    }

    private Watch watch(int framesPerSecond, List<Integer> into) {
        return new Watch(
                clock,
                framesPerSecond,
                frame -> {
                    into.add(number(frame));
                    documents.add(frame.documentId());
                },
                closed -> {});
    }

    private static int number(ScreenFrame frame) {
        return frame.jpeg().getByte(0);
    }

    private void frame(int number) {
        cast.came(new FrameEvent("session", 7, new byte[] {(byte) number}, Instant.EPOCH, 800, 600));
    }

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
        public void acknowledge(int number) {
            assertThat(number).isEqualTo(7);
            asked.add("ack");
        }

        @Override
        public Future<byte[]> picture() {
            asked.add("picture");
            pictures.add(Promise.promise());
            return pictures.element().future();
        }

        @Override
        public void leave() {
            asked.add("leave");
        }
    }
}
