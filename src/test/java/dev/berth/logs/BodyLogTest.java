package dev.berth.logs;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.BrowserListener.ResponseBody;
import dev.berth.fake.FakeHistory;
import dev.berth.fake.FakeStore;
import dev.berth.fake.HandScheduler;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.KeptBody;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import dev.berth.secrets.Redaction;
import dev.berth.session.keep.KeptBytes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class BodyLogTest {
    private static final int MIB = 1 << 20;

    private Context context;
    private SessionLog log;
    private BodyLog bodies;

    @BeforeEach
    void make(Vertx vertx) throws Exception {
        context = vertx.getOrCreateContext();
        HandScheduler clock = new HandScheduler();
        // In a folder that there is not: nothing can be written.
        LogShipper shipper = new LogShipper(
                vertx,
                clock,
                new FakeStore(),
                new FakeHistory().chunkRows,
                Path.of("target", "no-such-folder"),
                new NodeMetrics().capture(),
                0);
        log = new SessionLog(
                vertx,
                clock,
                new LogName(SessionId.random(), LogKind.BODIES),
                shipper,
                dropped -> new byte[0],
                kept -> {});
        bodies = bodies(vertx, 16 * MIB, "secret");
    }

    private BodyLog bodies(Vertx vertx, long quota, String secret) {
        return new BodyLog(
                vertx,
                log,
                new KeptBytes(quota, why -> {})::tryTake,
                new Redaction(List.of(Pattern.compile(secret)), List.of())::tryApply);
    }

    private KeptBody keep(String content) throws Exception {
        return keep(ResponseBody.of(new BodyEntry("text/plain", content)));
    }

    private KeptBody keep(ResponseBody body) throws Exception {
        return await(on(context, () -> bodies.keep(body)).compose(kept -> kept));
    }

    @Test
    void aBodyIsKeptRedactedAndItsPlaceIsTold() throws Exception {
        assertThat(keep("a secret")).isEqualTo(KeptBody.at(0));
        assertThat(keep("b")).isEqualTo(KeptBody.at(1));
        List<BodyEntry> kept = await(on(context, () -> log.lines(0, 10, MIB)).compose(lines -> lines))
                .as(BodyEntry.class);
        assertThat(kept).extracting(BodyEntry::content).containsExactly("a [redacted]", "b");
    }

    @Test
    void whatTheBrowserDoesNotHaveIsTold() throws Exception {
        assertThat(keep(ResponseBody.missing("gone"))).isEqualTo(KeptBody.missing("gone"));
    }

    @Test
    void bodiesThatComeTooFastAreLeftOut() throws Exception {
        List<Future<KeptBody>> all = await(on(
                context,
                () -> IntStream.range(0, 10)
                        .mapToObj(i -> bodies.keep(ResponseBody.of(new BodyEntry("text/plain", "x".repeat(MIB - 100)))))
                        .toList()));
        await(on(context, bodies::settled).compose(settled -> settled));
        assertThat(all)
                .extracting(kept -> kept.result().offset().isPresent())
                .containsExactly(true, true, true, true, false, false, false, false, false, false);
        // They are not written yet, so that there is no room either.
        assertThat(keep("y".repeat(MIB)).missing()).contains("bodies came faster than they could be kept");
    }

    @Test
    void bodiesCountAsFiles(Vertx vertx) throws Exception {
        bodies = bodies(vertx, 10_000, "secret");
        assertThat(keep("small").offset()).contains(0L);
        assertThat(keep("small").offset()).contains(1L);
        assertThat(keep("small").missing()).contains("the session can't keep more files");
    }

    @Test
    void whatCannotBeRedactedIsNotKept(Vertx vertx) throws Exception {
        bodies = bodies(vertx, MIB, "(?:a|a)+b");
        assertThat(keep("a".repeat(5_000)).missing()).contains("it could not be redacted");
    }

    @Test
    void afterTheEndNothingIsKept() throws Exception {
        await(on(context, () -> {
            log.close();
            return 0;
        }));
        assertThat(keep("late").missing()).contains("the session is over");
    }
}
