package dev.berth.story;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.StoryRepository;
import dev.berth.logs.LogReader;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.ConsoleEntry.ConsoleLevel;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.ReadLog;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.LogTail;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryCursor.StoryKind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class KeptStoryTest {
    private static final int COUNT = 30;
    private static final int CHARS = 10_000;

    private final SessionId id = SessionId.random();
    private final List<byte[]> lines = Collections.nCopies(
            COUNT,
            LogLines.line(new ConsoleEntry(
                    ConsoleLevel.LOG,
                    "x".repeat(CHARS),
                    Instant.EPOCH,
                    Optional.empty(),
                    Optional.empty(),
                    "console-api")));

    @Test
    void aReaderHoldsFewLargeEntriesAndGetsAll(Vertx vertx) throws Exception {
        RecordCodec.registerAll(vertx);
        await(vertx.eventBus()
                .<ReadLog>consumer(Addresses.session(id), read -> {
                    long offset = read.body().offset();
                    read.reply(new LogTail(COUNT, List.of(), offset, LogLines.of(lines.subList((int) offset, COUNT))));
                })
                .completion());
        LogReader logs = new LogReader(vertx, key -> Future.failedFuture("nothing is stored"));
        KeptStory story = new KeptStory(null, logs, null, new SessionClient(vertx), id, 1, () -> false);

        assertAllAreReadInSmallPages(story, StoryKind.CONSOLE);
    }

    private static void assertAllAreReadInSmallPages(KeptStory story, StoryKind kind) throws Exception {
        List<SessionEvent> all = new ArrayList<>();
        while (all.size() < COUNT) {
            List<SessionEvent> page = await(story.read(kind, all.size()));
            assertThat(page).isNotEmpty().hasSizeLessThanOrEqualTo(KeptStory.PAGE_BYTES / CHARS + 1);
            all.addAll(page);
        }
        assertThat(all).extracting(SessionEvent::offset).isSorted().doesNotHaveDuplicates();
    }

    /** Navigations to pages with titles of some length. */
    private final class Navigations extends StoryRepository {
        private final List<Integer> limits = new ArrayList<>();
        private final int count;
        private final int chars;

        private Navigations(int count, int chars) {
            super(null, null);
            this.count = count;
            this.chars = chars;
        }

        @Override
        public Future<List<SessionEvent>> read(SessionId session, StoryKind kind, long offset, int limit) {
            limits.add(limit);
            return Future.succeededFuture(LongStream.range(offset, Math.min(count, offset + limit))
                    .<SessionEvent>mapToObj(i -> new PageNavigated(
                            id, i, new NavigationEntry("https://a.test/", "x".repeat(chars), Instant.EPOCH)))
                    .toList());
        }

        @Override
        public Future<StoryCursor> end(SessionId session) {
            return Future.succeededFuture(StoryCursor.START);
        }
    }

    private KeptStory of(Navigations rows) {
        return new KeptStory(rows, null, null, null, id, 1, () -> false);
    }

    @Test
    void aReaderHoldsFewLargeRowsAndGetsAll() throws Exception {
        Navigations rows = new Navigations(COUNT, CHARS);
        assertAllAreReadInSmallPages(of(rows), StoryKind.NAVIGATION);
        assertThat(rows.limits).startsWith(KeptStory.ROWS, KeptStory.PAGE_BYTES / CHARS + 1);
    }

    @Test
    void smallRowsAreReadManyAtOnce() throws Exception {
        KeptStory story = of(new Navigations(2 * KeptStory.ROWS, 10));
        assertThat(await(story.read(StoryKind.NAVIGATION, 0))).hasSize(KeptStory.ROWS);
        assertThat(await(story.read(StoryKind.NAVIGATION, KeptStory.ROWS))).hasSize(KeptStory.ROWS);
    }
}
