package dev.berth.session.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.Pointer;
import dev.berth.browser.Pointer.Moved;
import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.browser.Screencast.Watching;
import dev.berth.fake.FakeScreencast;
import dev.berth.fake.HandScheduler;
import dev.berth.recording.Pictures;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The mouse in recordings: pictures of 320 x 240 pixels, of a page of half as many. */
@ExtendWith(VertxExtension.class)
class PointedScreencastTest {
    private static final Moved PRESS = new Moved("page", 80, 60, true);
    private static final Moved RELEASE = new Moved("page", 80, 60, false);

    private final HandScheduler clock = new HandScheduler();
    private final FakeScreencast pictures = new FakeScreencast();
    private final BlockingQueue<ScreenFrame> seen = new LinkedBlockingQueue<>();
    private Context context;
    private Pointer pointer;
    private PointedScreencast screencast;

    @BeforeEach
    void aScreen(Vertx vertx) {
        context = vertx.getOrCreateContext();
        pointer = new Pointer(context);
        screencast = new PointedScreencast(clock, pictures, pointer, new PointerDrawing(vertx));
    }

    private ScreenFrame blue(String pageId) throws IOException {
        return new ScreenFrame(pageId, "document", Pictures.tuned(Color.BLUE, 320, 240), clock.now(), 160, 120);
    }

    private static Color pixel(Buffer jpeg, int x, int y) throws IOException {
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(jpeg.getBytes()));
        assertThat(picture.getWidth()).isEqualTo(320);
        return new Color(picture.getRGB(x, y));
    }

    private <T> T ask(Supplier<T> question) throws Exception {
        Promise<T> answer = Promise.promise();
        context.runOnContext(ignored -> answer.complete(question.get()));
        return answer.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private Watching watch() throws Exception {
        return ask(() -> screencast.watch(Optional.empty(), 10, seen::add));
    }

    private void show(ScreenFrame frame) throws Exception {
        ask(() -> {
            pictures.show(frame);
            return true;
        });
    }

    /** What is told is heard when this returns. */
    private void move(Moved to) throws Exception {
        pointer.tell(to);
        ask(() -> true);
    }

    private ScreenFrame next() throws InterruptedException {
        return Optional.ofNullable(seen.poll(10, TimeUnit.SECONDS)).orElseThrow();
    }

    @Test
    void anArrowIsWhereTheMouseIsAndARingWhereItWasPressed() throws Exception {
        ScreenFrame plain = blue("page");
        Buffer marked = PointerDrawing.drawn(plain, new PointerMark(RELEASE, Optional.of(PRESS)))
                .jpeg();
        Color arrow = pixel(marked, 160 + 6, 120 + 16);
        assertThat(List.of(arrow.getRed(), arrow.getGreen())).allMatch(part -> part > 200);
        Color ring = pixel(marked, 160 - 2 * 14, 120);
        assertThat(ring.getRed()).isGreaterThan(180);
        assertThat(ring.getBlue()).isLessThan(90);
        assertThat(pixel(marked, 20, 20)).isEqualTo(pixel(plain.jpeg(), 20, 20));
        Buffer moved = PointerDrawing.drawn(plain, new PointerMark(RELEASE, Optional.empty()))
                .jpeg();
        assertThat(pixel(moved, 160 - 2 * 14, 120)).isEqualTo(pixel(plain.jpeg(), 160 - 2 * 14, 120));
    }

    @Test
    void aMarkReachesOverTheEdgeOrStaysOutside() throws Exception {
        for (double place : new double[] {-1e300, -5, 0, 119.9, 160, 1e300}) {
            Moved there = new Moved("page", place, place, true);
            PointerDrawing.drawn(blue("page"), new PointerMark(there, Optional.of(there)));
        }
    }

    @Test
    void aStillPageIsShownWithTheMouseAndOnceMoreWithout() throws Exception {
        watch();
        ScreenFrame plain = blue("page");
        show(plain);
        assertThat(next()).isSameAs(plain);
        clock.advance(5_000);
        move(PRESS);
        move(RELEASE);
        clock.advance(50);
        ScreenFrame marked = next();
        assertThat(pixel(marked.jpeg(), 160 + 6, 120 + 16).getRed()).isGreaterThan(200);
        assertThat(marked.at()).isEqualTo(clock.now());
        clock.advance(PointedScreencast.SHOWN_MILLIS - 50);
        ScreenFrame last = next();
        assertThat(last.jpeg()).isEqualTo(plain.jpeg());
        assertThat(last.at()).isEqualTo(clock.now());
        clock.advance(60_000);
        assertThat(seen).isEmpty();
        assertThat(clock.timers()).isZero();
    }

    /** Moves come faster than anybody wants frames. */
    @Test
    void manyMovesBringNoMoreFramesThanAreWanted() throws Exception {
        watch();
        show(blue("page"));
        next();
        for (int i = 0; i < 100; i++) {
            move(new Moved("page", i, i, false));
            clock.advance(10);
        }
        for (int i = 0; i < 6; i++) {
            next();
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void theMouseOfAnotherPageIsNotShown() throws Exception {
        watch();
        ScreenFrame plain = blue("other");
        show(plain);
        move(PRESS);
        clock.advance(2_000);
        show(plain);
        assertThat(List.of(next(), next())).allMatch(frame -> frame == plain);
        assertThat(seen).isEmpty();
    }

    @Test
    void noFrameIsLostOrOvertaken() throws Exception {
        Watching watching = watch();
        List<ScreenFrame> painted = new ArrayList<>();
        move(PRESS);
        for (int i = 0; i < 24; i++) {
            painted.add(new ScreenFrame(
                    "page", "document", blue("page").jpeg(), clock.now().plusMillis(i), 160, 120));
        }
        ask(() -> {
            painted.forEach(pictures::show);
            watching.close();
            return true;
        });
        assertThat(seen)
                .extracting(ScreenFrame::at)
                .containsExactlyElementsOf(painted.stream().map(ScreenFrame::at).toList());
        move(PRESS);
        assertThat(clock.timers()).isZero();
    }
}
