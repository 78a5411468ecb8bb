package dev.berth.story;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.Addresses;
import dev.berth.protocol.LogCommand.FollowLogs;
import dev.berth.protocol.LogCommand.UnfollowLogs;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionEvent.SessionCreated;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.SessionReply.LogsFollowed;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session that the test plays has many readers, and one follower of each log. */
@ExtendWith(VertxExtension.class)
class LiveStoriesTest {
    private static final Set<LogKind> CONSOLE = Set.of(LogKind.CONSOLE);

    private final SessionId id = SessionId.random();
    private final BlockingQueue<Object> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<SessionEvent> heard = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private LiveStories stories;

    @BeforeEach
    void play(Vertx ofTest) throws Exception {
        vertx = ofTest;
        RecordCodec.registerAll(vertx);
        await(vertx.eventBus().consumer(Addresses.session(id), this::answer).completion());
        stories = new LiveStories(vertx, new SessionClient(vertx));
    }

    private void answer(Message<Object> command) {
        asked.add(command.body());
        command.reply(
                command.body() instanceof FollowLogs follow
                        ? new LogsFollowed(Map.of(follow.logs().iterator().next(), 0L))
                        : new Acknowledged());
    }

    private <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("there is one in time").isNotNull();
        return next;
    }

    @Test
    void readersShareOneFollowerUntilTheLastHasLeft() throws Exception {
        Runnable one = await(stories.join(id, CONSOLE, heard::add));
        Runnable two = await(stories.join(id, CONSOLE, heard::add));
        FollowLogs follow = (FollowLogs) next(asked);
        LogAppended log = new LogAppended(id, LogKind.CONSOLE, 0, LogLines.of(List.of(new byte[] {'{', '}'})));
        await(vertx.eventBus().request(Addresses.follower(id, follow.followerId()), log));
        assertThat(List.of(next(heard), next(heard))).containsExactly(log, log);
        one.run();
        one.run();
        SessionEvent created = new SessionCreated(id, Instant.EPOCH);
        vertx.eventBus().publish(Addresses.events(id), created);
        assertThat(next(heard)).isEqualTo(created);
        assertThat(asked).isEmpty();
        two.run();
        assertThat(next(asked)).isEqualTo(new UnfollowLogs(follow.followerId()));
        assertThat(heard).isEmpty();
    }

    @Test
    void eachReaderGetsTheLogsThatItWants() throws Exception {
        await(stories.join(id, CONSOLE, heard::add));
        next(asked);
        await(stories.join(id, Set.of(), event -> heard.add(new SessionCreated(id, Instant.MAX))));
        await(stories.join(id, Set.of(LogKind.NETWORK), event -> {}));
        FollowLogs network = (FollowLogs) next(asked);
        LogAppended log = new LogAppended(id, LogKind.NETWORK, 0, LogLines.of(List.of(new byte[] {'{', '}'})));
        await(vertx.eventBus().request(Addresses.follower(id, network.followerId()), log));
        assertThat(heard).isEmpty();
    }

    @Test
    void aSessionThatDoesNotAnswerFailsTheReader() {
        assertThatThrownBy(() -> await(stories.join(SessionId.random(), CONSOLE, heard::add)))
                .hasMessageContaining("no live session has this id");
    }
}
