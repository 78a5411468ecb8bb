package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.HistoryReply.StoryPage;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.TakeScreenshot;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.ActionPerformed;
import dev.berth.protocol.SessionEvent.ArtifactKept;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.SessionCreated;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionEvent.SessionStarted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryCursor.StoryKind;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What verticles do without HTTP, and what is delivered to them. */
class SessionClientIT {
    private final Berth berth = Berth.shared();
    private final SessionClient client = new SessionClient(berth.vertx);

    private SessionId running() {
        return Berth.await(client.create(CreateSession.ofDefaults())
                        .compose(accepted -> client.whenRunning(accepted.sessionId())))
                .sessionId();
    }

    private void log(SessionId id, int from, int to) {
        Berth.await(client.ask(
                id, new Evaluate("for (let i = " + from + "; i < " + to + "; i++) console.log('line ' + i)")));
    }

    /** Reads on until there is nothing more. */
    private StoryCursor catchUp(SessionId id, StoryCursor from, List<SessionEvent> events) {
        StoryPage page = Berth.await(client.story(id, from));
        events.addAll(page.events());
        return page.events().isEmpty() ? page.next() : catchUp(id, page.next(), events);
    }

    private static List<String> lines(List<SessionEvent> events) {
        return events.stream()
                .filter(LogAppended.class::isInstance)
                .map(LogAppended.class::cast)
                .filter(event -> event.log() == LogKind.CONSOLE)
                .flatMap(event -> event.lines().as(ConsoleEntry.class).stream())
                .map(ConsoleEntry::message)
                .toList();
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line " + i).toList();
    }

    @Test
    void aSessionIsDrivenToItsEndAndReadAfterwards() {
        SessionDescription up = Berth.await(client.create(CreateSession.ofDefaults()
                        .opening(berth.site.url("/plain"))
                        .labelled(Map.of("team", "qa")))
                .compose(accepted -> client.whenRunning(accepted.sessionId())));
        SessionId id = up.sessionId();
        Future<SessionDescription> ended = client.whenEnded(id);
        assertThat(up.status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(Berth.await(client.ask(id, new Navigate(berth.site.url("/two"))))
                        .status())
                .contains(200);
        assertThat(Berth.await(client.ask(id, TakeScreenshot.ofView()))
                        .artifact()
                        .size())
                .isPositive();
        assertThat(Berth.await(client.describe(id)).currentUrl()).isEqualTo(berth.site.url("/two"));
        log(id, 0, 3);
        assertThat(ended.isComplete()).isFalse();
        assertThat(Berth.await(client.end(id)).reason()).isEqualTo(EndReason.CLIENT);

        SessionDescription last = Berth.await(ended);
        assertThat(last.status()).isEqualTo(SessionStatus.COMPLETED);
        assertThat(last.metadata()).containsEntry("team", "qa");
        assertThat(Berth.await(client.describe(id))).isEqualTo(last);
        assertThat(Berth.await(client.whenEnded(id))).isEqualTo(last);
        List<SessionEvent> story = new ArrayList<>();
        StoryCursor end = catchUp(id, StoryCursor.START, story);
        assertThat(story.get(0)).isInstanceOf(SessionCreated.class);
        assertThat(story)
                .hasAtLeastOneElementOfType(SessionStarted.class)
                .hasAtLeastOneElementOfType(PageNavigated.class)
                .hasAtLeastOneElementOfType(ActionPerformed.class)
                .hasAtLeastOneElementOfType(ArtifactKept.class);
        assertThat(lines(story)).isEqualTo(lines(0, 3));
        assertThat(story.get(story.size() - 1)).isInstanceOf(SessionEnded.class);
        assertThat(Berth.await(client.story(id, end)).over()).isTrue();
    }

    /** Pages of a live session: the cursor goes on where it was, and what is published meanwhile is told apart. */
    @Test
    void whoSubscribesLateCatchesUpByCursorAndHearsNothingTwice() {
        SessionId id = running();
        log(id, 0, 450);
        List<SessionEvent> missed = new ArrayList<>();
        StoryCursor cursor = catchUp(id, StoryCursor.START, missed);
        assertThat(lines(missed)).isEqualTo(lines(0, 450));

        List<SessionEvent> heard = new CopyOnWriteArrayList<>();
        Berth.await(client.events(id, heard::add).completion());
        log(id, 450, 460);
        Api.await(() -> heard.stream().anyMatch(ActionPerformed.class::isInstance), found -> found);
        List<SessionEvent> more = new ArrayList<>();
        StoryCursor after = catchUp(id, cursor, more);
        assertThat(lines(more)).isEqualTo(lines(450, 460));
        assertThat(heard).allMatch(after::isPast).noneMatch(cursor::isPast);
        Berth.await(client.end(id));
        assertThat(heard.get(heard.size() - 1)).isInstanceOf(SessionEnded.class);
        assertThat(after.isPast(heard.get(heard.size() - 1))).isFalse();
    }

    @Test
    void theHistoryKnowsUsersAndNodes() {
        SessionId id = running();
        SessionClient stranger = client.as(4_711);
        for (Future<?> asked : Stream.of(stranger.describe(id), stranger.story(id, StoryCursor.START), stranger.end(id))
                .toList()) {
            assertThatThrownBy(() -> Berth.await(asked)).hasMessageContaining("this id");
        }
        assertThatThrownBy(() -> Berth.await(client.at("d1234567").create(CreateSession.ofDefaults())))
                .hasMessageContaining("no node is ready");
        SessionClient here = client.as(1).at(berth.server.machineId());
        assertThat(Berth.await(here.story(id, StoryCursor.START)).events().get(0))
                .isInstanceOf(SessionCreated.class);
        Berth.await(here.end(id));
    }

    @Test
    void aHandlerThatThrowsGetsWhatComesNextAndHoldsUpNobody() {
        SessionId id = running();
        Consumers.Clumsy clumsy = new Consumers.Clumsy(id);
        List<SessionEvent> others = new CopyOnWriteArrayList<>();
        String deployment = Berth.await(berth.vertx.deployVerticle(clumsy));
        Berth.await(client.events(id, event -> {
                    if (event instanceof ActionPerformed) {
                        others.add(event);
                    }
                })
                .completion());
        log(id, 0, 1);
        Api.await(() -> clumsy.thrown.size(), faults -> faults == 2);
        log(id, 1, 2);
        Api.await(() -> List.copyOf(clumsy.lines), lines(0, 2)::equals);
        Api.await(() -> clumsy.heard.size(), size -> size == 2);
        assertThat(others).hasSize(2).isEqualTo(clumsy.heard);

        Berth.await(berth.vertx.undeploy(deployment));
        log(id, 2, 3);
        Api.await(others::size, size -> size == 3);
        assertThat(clumsy.heard).as("after its undeployment").hasSize(2);
        assertThat(clumsy.thrown).hasSize(2);
        Berth.await(client.end(id));
        assertThat(Berth.await(client.story(id, StoryCursor.START)).events())
                .filteredOn(event -> event.kind() == StoryKind.ACTION)
                .hasSize(3);
    }

    @Test
    void aSlowFollowerGetsLargerBatchesHoldsUpNobodyAndReadsWhatItMissed() {
        SessionId id = running();
        Consumers.Slow slow = new Consumers.Slow(id);
        String deployment = Berth.await(
                berth.vertx.deployVerticle(slow, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
        List<String> quick = new CopyOnWriteArrayList<>();
        Berth.await(client.followLogs(id, Set.of(LogKind.CONSOLE), batch -> quick.addAll(lines(List.of(batch)))));
        int count = 3_000;
        for (int from = 0; from < count; from += 500) {
            log(id, from, from + 500);
        }
        Api.await(quick::size, size -> size == count);
        assertThat(slow.batches).as("while it is busy").hasSize(1);

        slow.turns.release(count);
        long last = count - 1;
        Api.await(
                () -> slow.batches.stream()
                        .mapToLong(batch -> batch.offset() + batch.lines().count() - 1)
                        .max()
                        .orElse(0),
                reached -> reached == last);
        assertThat(slow.batches).hasSizeLessThan(20);
        List<SessionEvent> story = new ArrayList<>();
        catchUp(id, StoryCursor.START, story);
        assertThat(lines(story)).isEqualTo(lines(0, count)).isEqualTo(quick);
        Berth.await(berth.vertx.undeploy(deployment));
        Berth.await(client.end(id));
    }
}
