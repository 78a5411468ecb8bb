package dev.berth.story;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryCursor.StoryKind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens and whenever a reader leaves and comes back, it gets each entry once, in the order of its kind. */
@ExtendWith(VertxExtension.class)
class StoryReaderTest {
    private static final Set<StoryKind> ALL = EnumSet.allOf(StoryKind.class);

    private Context loop;

    /** A reader that is slow at random, and records what it is told, line by line. */
    private static final class Heard implements Output {
        final List<SessionEvent> events = new ArrayList<>();
        final List<StoryCursor> cursors = new ArrayList<>();
        final Promise<Void> live = Promise.promise();
        final Promise<Void> over = Promise.promise();
        boolean full;

        @Override
        public boolean isFull() {
            return full;
        }

        @Override
        public void tell(SessionEvent event, StoryCursor after) {
            if (event instanceof LogAppended log) {
                for (int i = 0; i < log.lines().count(); i++) {
                    events.add(new LogAppended(
                            log.sessionId(),
                            log.log(),
                            log.offset() + i,
                            log.lines().only(i)));
                    cursors.add(null);
                }
                cursors.set(cursors.size() - 1, after);
            } else {
                events.add(event);
                cursors.add(after);
            }
        }

        @Override
        public void flush() {
            // It records at once.
        }

        @Override
        public void live() {
            live.tryComplete();
        }

        @Override
        public void end() {
            over.complete();
        }

        @Override
        public void fail(Throwable why) {
            live.tryFail(why);
            over.fail(why);
        }

        StoryCursor last(StoryCursor otherwise) {
            return cursors.isEmpty() ? otherwise : cursors.get(cursors.size() - 1);
        }

        List<SessionEvent> of(StoryKind kind) {
            return events.stream().filter(event -> event.kind() == kind).toList();
        }
    }

    @BeforeEach
    void makeLoop(Vertx vertx) {
        loop = ((VertxInternal) vertx).createEventLoopContext();
    }

    private StoryReader read(RandomStory story, Heard heard, StoryCursor from, Set<StoryKind> kinds) {
        StoryReader reader = new StoryReader(loop, kinds, story, story, heard);
        reader.start(Optional.of(from)).onSuccess(at -> reader.goOn());
        return reader;
    }

    private Heard readAll(RandomStory story, StoryCursor from, Set<StoryKind> kinds) throws Exception {
        Heard heard = new Heard();
        loop.runOnContext(ignored -> read(story, heard, from, kinds));
        await(heard.over.future());
        return heard;
    }

    private static IntStream seeds() {
        return IntStream.range(0, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whoLeavesAndComesBackGetsEachEntryOnceInOrder(int seed) throws Exception {
        Random random = new Random(seed);
        RandomStory story = new RandomStory(random);
        List<Heard> visits = new ArrayList<>();
        StoryCursor cursor = StoryCursor.START;
        for (int visit = 0; visit < 6; visit++) {
            Heard heard = new Heard();
            visits.add(heard);
            StoryCursor from = cursor;
            StoryReader reader = await(on(loop, () -> read(story, heard, from, ALL)));
            for (int step = 0; step < 30; step++) {
                await(on(loop, () -> happen(random, story, heard, reader)));
            }
            cursor = await(on(loop, () -> {
                reader.close();
                return heard.last(from);
            }));
            IntStream.range(0, random.nextInt(20)).forEach(away -> story.step());
        }
        StoryCursor from = cursor;
        Heard heard = new Heard();
        visits.add(heard);
        StoryReader reader = await(on(loop, () -> read(story, heard, from, ALL)));
        await(on(loop, () -> happen(random, story, heard, reader)));
        await(on(loop, () -> {
            heard.full = false;
            story.finish();
            reader.goOn();
            return null;
        }));
        await(heard.over.future());
        for (StoryKind kind : StoryKind.values()) {
            assertThat(visits.stream().flatMap(visit -> visit.of(kind).stream()))
                    .as("%s", kind)
                    .containsExactlyElementsOf(story.all(kind));
        }
        assertThat(heard.events.get(heard.events.size() - 1)).isInstanceOf(SessionEnded.class);
    }

    private static Void happen(Random random, RandomStory story, Heard heard, StoryReader reader) {
        story.step();
        heard.full = random.nextInt(3) == 0;
        if (random.nextBoolean()) {
            reader.goOn();
        }
        return null;
    }

    /** The order of a replay is that of the times, and does not depend on where it starts. */
    @ParameterizedTest
    @MethodSource("seeds")
    void aReplayFromAnyCursorIsTheRestOfTheWholeReplay(int seed) throws Exception {
        Random random = new Random(seed);
        RandomStory story = new RandomStory(random);
        IntStream.range(0, 80).forEach(step -> story.step());
        story.finish();
        Heard whole = readAll(story, StoryCursor.START, ALL);
        assertThat(whole.events)
                .hasSize(ALL.stream().mapToInt(kind -> story.all(kind).size()).sum());
        int cut = random.nextInt(whole.events.size());
        Heard rest = readAll(story, whole.cursors.get(cut), ALL);
        assertThat(rest.events).isEqualTo(whole.events.subList(cut + 1, whole.events.size()));
    }

    @Test
    void onlyTheWantedKindsAreToldAndCounted() throws Exception {
        RandomStory story = new RandomStory(new Random(1));
        IntStream.range(0, 80).forEach(step -> story.step());
        story.finish();
        Heard console = readAll(story, StoryCursor.START, EnumSet.of(StoryKind.CONSOLE));
        assertThat(console.events).isEqualTo(story.all(StoryKind.CONSOLE));
        StoryCursor after = console.last(StoryCursor.START);
        assertThat(after.next(StoryKind.CONSOLE)).isEqualTo(console.events.size());
        assertThat(after.next(StoryKind.ACTION)).isZero();
        assertThat(readAll(story, after, ALL).events).doesNotContainAnyElementsOf(console.events);
    }

    @Test
    void whoHasHadAllIsToldNothingMore() throws Exception {
        RandomStory story = new RandomStory(new Random(2));
        story.step();
        story.finish();
        StoryCursor after = readAll(story, StoryCursor.START, ALL).last(StoryCursor.START);
        assertThat(readAll(story, after, ALL).events).isEmpty();
    }

    /** The server was killed before it stored what it had published. */
    @Test
    void aCursorBeyondTheEndGoesOnWithTheEnd() throws Exception {
        RandomStory story = new RandomStory(new Random(3));
        StoryCursor beyond = StoryCursor.START.with(StoryKind.STATUS, 2).with(StoryKind.CONSOLE, 4_000);
        story.finish();
        assertThat(readAll(story, beyond, ALL).events).hasSize(1).hasOnlyElementsOfType(SessionEnded.class);
    }

    @Test
    void withoutACursorItBeginsNow() throws Exception {
        RandomStory story = new RandomStory(new Random(4));
        IntStream.range(0, 20).forEach(step -> story.step());
        Heard heard = new Heard();
        StoryReader reader = new StoryReader(loop, ALL, story, story, heard);
        StoryCursor at = await(on(loop, () -> reader.start(Optional.empty())).compose(started -> started));
        await(on(loop, () -> {
            reader.goOn();
            return null;
        }));
        await(heard.live.future());
        assertThat(heard.events).isEmpty();
        assertThat(Optional.of(at)).isEqualTo(Optional.of(story.end().result()));
        await(on(loop, () -> {
            story.finish();
            return null;
        }));
        await(heard.over.future());
        assertThat(heard.events).hasSize(1).hasOnlyElementsOfType(SessionEnded.class);
    }

    @Test
    void aSessionThatDoesNotAnswerAndHasNotEndedFailsTheReader() throws Exception {
        RandomStory story = new RandomStory(new Random(5));
        Heard heard = new Heard();
        StoryReader.Live nobody = (Set<LogKind> logs, Consumer<SessionEvent> reader) ->
                Future.failedFuture(new BerthException(ErrorCode.SESSION_NOT_FOUND, "nobody answers"));
        StoryReader reader = new StoryReader(loop, ALL, story, nobody, heard);
        loop.runOnContext(
                ignored -> reader.start(Optional.of(StoryCursor.START)).onSuccess(at -> reader.goOn()));
        Throwable why = await(heard.over.future().transform(over -> Future.succeededFuture(over.cause())));
        assertThat(why)
                .isInstanceOf(BerthException.class)
                .matches(e -> ((BerthException) e).code() == ErrorCode.NOT_READY);
    }
}
