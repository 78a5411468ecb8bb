package dev.berth.browser.screen;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.browser.Screencast.Watching;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.launch.LaunchedChrome;
import dev.berth.fake.FakeListener;
import dev.berth.fake.Futures;
import dev.berth.protocol.ConsoleEntry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real pictures of real pages. */
class ScreencastIT {
    private static final long MAX_SECONDS = 20;
    private static final int GREY_STEP = 16;
    private static final BlockingQueue<String> console = new LinkedBlockingQueue<>();
    private static Vertx vertx;
    private static LaunchedChrome chrome;

    private String last = "none";
    private final BlockingQueue<ScreenFrame> frames = new LinkedBlockingQueue<>();
    private final List<Watching> watching = new ArrayList<>();

    @BeforeAll
    static void launch() throws Exception {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        chrome = new LaunchedChrome(vertx, new FakeListener() {
            @Override
            public void consoleLogged(ConsoleEntry entry) {
                console.add(entry.message());
            }
        });
    }

    @AfterAll
    static void end() throws Exception {
        chrome.close();
        vertx.close();
    }

    @AfterEach
    void leave() throws Exception {
        for (Watching watch : watching) {
            chrome.on(() -> {
                watch.close();
                return null;
            });
        }
    }

    @Test
    void coloursComeInOrderAndTheLastOneAlways() throws Exception {
        chrome.open(page("white"));
        watch(Optional.empty(), 10);
        awaitGrey(255);
        // Each painted picture has a grey of its own; the pace lets few of them through.
        chrome.evaluate("""
                (async () => {
                  for (let grey = 240; grey >= 16; grey -= 16) {
                    document.body.style.background = `rgb(${grey},${grey},${grey})`;
                    await new Promise(requestAnimationFrame);
                  }
                })()""");
        List<Integer> seen = awaitGrey(GREY_STEP);
        assertThat(seen).isSortedAccordingTo((a, b) -> b - a);
    }

    @Test
    void aFrameTellsItsPageItsTimeAndItsViewport() throws Exception {
        chrome.open(page("white"));
        watch(Optional.empty(), 10);
        ScreenFrame frame = next(any -> true);
        assertThat(frame.pageId())
                .isEqualTo(chrome.on(() -> chrome.browser().pages().active()).orElseThrow());
        assertThat(frame.width()).isEqualTo(800);
        assertThat(frame.height()).isEqualTo(600);
        assertThat(frame.at().getEpochSecond()).isPositive();
        assertThat(image(frame).getWidth()).isEqualTo(800);
    }

    @Test
    void aLargeFrameComesWhole() throws Exception {
        chrome.open("data:text/html,<body style='margin:0'><canvas id=c width=800 height=600></canvas>");
        watch(Optional.empty(), 10);
        chrome.evaluate("""
                (() => {
                  const paint = c.getContext('2d'), noise = paint.createImageData(800, 600);
                  noise.data.forEach((zero, i) => noise.data[i] = i % 4 === 3 ? 255 : Math.random() * 256);
                  paint.putImageData(noise, 0, 0);
                })()""");
        ScreenFrame frame = next(large -> large.jpeg().length() > 200_000);
        assertThat(image(frame).getHeight()).isEqualTo(600);
    }

    @Test
    void itFollowsTheActivePage() throws Exception {
        chrome.open(page("white"));
        String first = chrome.on(() -> chrome.browser().pages().active()).orElseThrow();
        watch(Optional.empty(), 10);
        awaitGrey(255);
        chrome.evaluate("open().document.write(`<body style='background:black'>`)");
        next(shown -> !shown.pageId().equals(first) && isGrey(shown, 0));
        chrome.closePage();
        next(shown -> shown.pageId().equals(first) && isGrey(shown, 255));
    }

    @Test
    void aPageThatIsNotActiveIsSeenToo() throws Exception {
        chrome.open(page("white"));
        String first = chrome.on(() -> chrome.browser().pages().active()).orElseThrow();
        watch(Optional.of(first), 10);
        awaitGrey(255);
        chrome.evaluate("window.opened = window.open('about:blank'); setTimeout(() => "
                + "document.body.style.background = 'black', 300); 1");
        awaitGrey(0);
        chrome.closePage();
    }

    @Test
    void itOutlivesANavigationAndACrash() throws Exception {
        chrome.open(page("white"));
        watch(Optional.empty(), 10);
        awaitGrey(255);
        chrome.open(page("black"));
        awaitGrey(0);
        CdpConnection client = chrome.connect();
        String session = attach(client);
        chrome.context().runOnContext(now -> client.send(session, "Page.crash", new JsonObject()));
        for (String line = ""; !line.contains("the page crashed"); ) {
            line = console.poll(MAX_SECONDS, TimeUnit.SECONDS);
            assertThat(line).as("a line of the console").isNotNull();
        }
        chrome.open(page("white"));
        awaitGrey(255);
        await(ask(client::close));
    }

    private static String attach(CdpConnection client) throws Exception {
        return await(ask(() -> client.send(
                        CdpConnection.BROWSER,
                        "Target.attachToTarget",
                        new JsonObject()
                                .put(
                                        "targetId",
                                        chrome.browser().pages().active().orElseThrow())
                                .put("flatten", true))))
                .getString("sessionId");
    }

    @Test
    void theScreencastOfACdpClientIsOneOfItsOwn() throws Exception {
        chrome.open(page("white"));
        watch(Optional.empty(), 10);
        awaitGrey(255);
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        CdpConnection client = chrome.connect();
        chrome.on(() -> {
            client.onEvent(event -> told.add(event.method()));
            return null;
        });
        String session = attach(client);
        await(ask(() -> client.send(session, "Page.startScreencast", new JsonObject().put("format", "png"))));
        chrome.evaluate("document.body.style.background = 'black'");
        awaitGrey(0);
        for (String event = ""; !event.equals("Page.screencastFrame"); ) {
            event = told.poll(MAX_SECONDS, TimeUnit.SECONDS);
            assertThat(event).as("an event for the client").isNotNull();
        }
        await(ask(() -> client.send(session, "Page.stopScreencast", new JsonObject())));
        chrome.evaluate("document.body.style.background = 'white'");
        awaitGrey(255);
        await(ask(client::close));
    }

    /** On the browser's context. */
    private static <T> Future<T> ask(Callable<Future<T>> asked) {
        return Futures.on(chrome.context(), asked).compose(answer -> answer);
    }

    private static String page(String colour) {
        return "data:text/html,<body style='background:" + colour + "'>";
    }

    private void watch(Optional<String> page, int framesPerSecond) throws Exception {
        watching.add(chrome.on(() -> chrome.browser().screencast().watch(page, framesPerSecond, frames::add)));
    }

    /** The greys that come until this one does. */
    private List<Integer> awaitGrey(int grey) throws Exception {
        List<Integer> seen = new ArrayList<>();
        next(frame -> {
            seen.add(grey(frame));
            return isGrey(frame, grey);
        });
        return seen;
    }

    private ScreenFrame next(Predicate<ScreenFrame> wanted) throws InterruptedException {
        while (true) {
            ScreenFrame frame = frames.poll(MAX_SECONDS, TimeUnit.SECONDS);
            assertThat(frame).as("a frame after " + last).isNotNull();
            last = frame.width() + " × " + frame.height() + ", " + frame.jpeg().length() + " bytes, "
                    + Integer.toHexString(image(frame).getRGB(400, 300));
            if (wanted.test(frame)) {
                return frame;
            }
        }
    }

    private static boolean isGrey(ScreenFrame frame, int grey) {
        return Math.abs(grey(frame) - grey) < GREY_STEP / 2;
    }

    private static int grey(ScreenFrame frame) {
        return image(frame).getRGB(400, 300) & 0xff;
    }

    private static BufferedImage image(ScreenFrame frame) {
        try {
            return ImageIO.read(new ByteArrayInputStream(frame.jpeg().getBytes()));
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
