package dev.berth.logs;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.FakeHistory;
import dev.berth.fake.FakeStore;
import dev.berth.fake.HandScheduler;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogCommand.FollowLogs;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.LogsFollowed;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class LogFollowersTest {
    private static final SessionId ID = SessionId.random();
    private static final Set<LogKind> BOTH = Set.of(LogKind.CONSOLE, LogKind.NETWORK);

    private final BlockingQueue<Message<LogAppended>> heard = new LinkedBlockingQueue<>();
    private final Map<LogKind, SessionLog> logs = new EnumMap<>(LogKind.class);
    private final HandScheduler clock = new HandScheduler();
    private final FakeHistory history = new FakeHistory();

    @TempDir
    Path folder;

    private Vertx vertx;
    private Context context;
    private LogFollowers followers;
    private long now;

    @BeforeEach
    void make(Vertx vertx) throws Exception {
        this.vertx = vertx;
        RecordCodec.registerAll(vertx);
        context = vertx.getOrCreateContext();
        LogShipper shipper = new LogShipper(
                vertx, clock, new FakeStore(), history.chunkRows, folder, new NodeMetrics().capture(), 8 << 20);
        for (LogKind kind : BOTH) {
            logs.put(kind, new SessionLog(vertx, clock, new LogName(ID, kind), shipper, LogLines::line, kept -> {}));
        }
        followers = new LogFollowers(vertx, ID, logs, () -> now);
    }

    private void listen(String follower) throws Exception {
        vertx.eventBus()
                .<LogAppended>consumer(Addresses.follower(ID, follower), heard::add)
                .completion()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private Future<LogsFollowed> follow(String follower, Set<LogKind> kinds) throws Exception {
        return on(() -> followers.follow(new FollowLogs(follower, kinds)));
    }

    private <T> T on(Callable<T> work) throws Exception {
        Promise<T> done = Promise.promise();
        context.runOnContext(ignored -> {
            try {
                done.complete(work.call());
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return done.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void append(LogKind kind, int from, int to) throws Exception {
        on(() -> {
            for (int i = from; i < to; i++) {
                logs.get(kind).append(LogLines.line(i));
                followers.grown();
            }
            return null;
        });
    }

    private Message<LogAppended> next() throws InterruptedException {
        Message<LogAppended> message = heard.poll(10, TimeUnit.SECONDS);
        assertThat(message).as("a batch").isNotNull();
        return message;
    }

    private LogAppended take() throws InterruptedException {
        Message<LogAppended> message = next();
        message.reply(null);
        return message.body();
    }

    private static LogAppended lines(LogKind kind, int from, int to) {
        return new LogAppended(
                ID,
                kind,
                from,
                LogLines.of(java.util.stream.IntStream.range(from, to)
                        .mapToObj(LogLines::line)
                        .toList()));
    }

    @Test
    void aFollowerGetsNewEntriesInBatches() throws Exception {
        append(LogKind.CONSOLE, 0, 3);
        listen("f");
        assertThat(follow("f", Set.of(LogKind.CONSOLE)).result().next()).isEqualTo(Map.of(LogKind.CONSOLE, 3L));
        append(LogKind.NETWORK, 0, 2);
        append(LogKind.CONSOLE, 3, 6);
        assertThat(take()).isEqualTo(lines(LogKind.CONSOLE, 3, 6));
        append(LogKind.CONSOLE, 6, 7);
        assertThat(take()).isEqualTo(lines(LogKind.CONSOLE, 6, 7));
        assertThat(heard).isEmpty();
    }

    @Test
    void theNextBatchIsSentAfterTheAnswerAndIsLimited() throws Exception {
        listen("f");
        follow("f", BOTH);
        append(LogKind.CONSOLE, 0, 1);
        Message<LogAppended> first = next();
        append(LogKind.CONSOLE, 1, 1_000);
        append(LogKind.NETWORK, 0, 1);
        assertThat(heard).isEmpty();
        first.reply(null);
        // The logs take turns.
        assertThat(take()).isEqualTo(lines(LogKind.NETWORK, 0, 1));
        assertThat(take()).isEqualTo(lines(LogKind.CONSOLE, 1, 501));
        assertThat(take()).isEqualTo(lines(LogKind.CONSOLE, 501, 1_000));
    }

    @Test
    void entriesThatWereShippedMeanwhileAreLeftOutAndThoseOfTheOtherLogAreSent() throws Exception {
        listen("f");
        follow("f", BOTH);
        append(LogKind.CONSOLE, 0, 1);
        Message<LogAppended> first = next();
        append(LogKind.NETWORK, 0, 2);
        await(on(() -> logs.get(LogKind.NETWORK).flush()));
        assertThat(history.chunks).hasSize(1);
        append(LogKind.CONSOLE, 1, 2);
        first.reply(null);
        assertThat(take()).isEqualTo(lines(LogKind.CONSOLE, 1, 2));
        append(LogKind.NETWORK, 2, 3);
        assertThat(take()).isEqualTo(lines(LogKind.NETWORK, 2, 3));
    }

    @Test
    void aSlowFollowerGetsWhatIsOnDiskByThen() throws Exception {
        listen("f");
        follow("f", BOTH);
        append(LogKind.CONSOLE, 0, 1);
        Message<LogAppended> first = next();
        append(LogKind.CONSOLE, 1, 5);
        clock.advance(SessionLog.WRITE_MILLIS);
        SessionLog console = logs.get(LogKind.CONSOLE);
        while (on(console::unwrittenBytes) > 0) {
            Thread.onSpinWait();
        }
        append(LogKind.CONSOLE, 5, 6);
        first.reply(null);
        assertThat(take()).isEqualTo(lines(LogKind.CONSOLE, 1, 6));
    }

    @Test
    void aLeaseEndsUnlessItIsRenewed() throws Exception {
        listen("f");
        follow("f", BOTH);
        now += TimeUnit.MILLISECONDS.toNanos(FollowLogs.LEASE_MILLIS) - 1;
        follow("f", BOTH);
        now += TimeUnit.MILLISECONDS.toNanos(FollowLogs.LEASE_MILLIS) - 1;
        append(LogKind.CONSOLE, 0, 1);
        assertThat(take()).isEqualTo(lines(LogKind.CONSOLE, 0, 1));
        now++;
        append(LogKind.CONSOLE, 1, 2);
        // A batch for a new follower shows that everything before it was sent.
        listen("other");
        follow("other", BOTH);
        append(LogKind.NETWORK, 0, 1);
        assertThat(take()).isEqualTo(lines(LogKind.NETWORK, 0, 1));
        assertThat(heard).isEmpty();
    }

    @Test
    void followersAreLimitedAndThoseWhoLeftMakeRoom() throws Exception {
        for (int i = 0; i < LogFollowers.MAX_FOLLOWERS; i++) {
            assertThat(follow("f" + i, BOTH).succeeded()).isTrue();
        }
        assertThat(((BerthException) follow("one more", BOTH).cause()).code()).isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThat(follow("f0", BOTH).succeeded()).isTrue();
        on(() -> {
            followers.unfollow("f1");
            return null;
        });
        assertThat(follow("one more", BOTH).succeeded()).isTrue();
        now += TimeUnit.MILLISECONDS.toNanos(FollowLogs.LEASE_MILLIS);
        assertThat(follow("later", BOTH).succeeded()).isTrue();
    }

    @Test
    void aFollowerThatIsGoneIsRemoved() throws Exception {
        follow("nobody listens", BOTH);
        append(LogKind.CONSOLE, 0, 1);
        listen("f");
        follow("f", BOTH);
        append(LogKind.CONSOLE, 1, 2);
        assertThat(take()).isEqualTo(lines(LogKind.CONSOLE, 1, 2));
        for (int i = 1; i < LogFollowers.MAX_FOLLOWERS; i++) {
            assertThat(follow("f" + i, BOTH).succeeded()).isTrue();
        }
    }
}
