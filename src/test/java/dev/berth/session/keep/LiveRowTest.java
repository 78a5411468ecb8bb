package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.FakeHistory;
import dev.berth.fake.HandScheduler;
import dev.berth.fake.PlainSession;
import dev.berth.history.SessionRepository.TrafficLeft;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.SessionStarted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import dev.berth.protocol.UsageSample.Traffic;
import dev.berth.session.machine.SessionSpec;
import dev.berth.session.machine.SessionState;
import dev.berth.session.machine.SessionState.PageNavigation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveRowTest {
    private static final SessionId ID = SessionId.random();
    private static final Instant AT = Instant.EPOCH;

    private final SessionSpec spec = PlainSession.spec(ID, AT);
    private final HandScheduler clock = new HandScheduler();
    private final FakeHistory history = new FakeHistory();
    private final List<PageNavigation> navigations = new ArrayList<>();
    private final List<SessionEvent> published = new ArrayList<>();
    private final List<TrafficLeft> allowed = new ArrayList<>();
    private final LiveRow row = new LiveRow(
            clock,
            ID,
            history.sessions,
            () -> spec.describe(SessionState.NEW, AT, Traffic.NONE, 0, ErrorCounts.NONE),
            () -> List.copyOf(navigations),
            List::of,
            published::add,
            allowed::add);

    private PageNavigated navigate(long offset) {
        NavigationEntry entry = new NavigationEntry("https://a.b/" + offset, "", AT);
        navigations.add(new PageNavigation(offset, "page", entry));
        PageNavigated event = new PageNavigated(ID, offset, entry);
        row.tell(event);
        return event;
    }

    @Test
    void eventsArePublishedOnceWrittenAndInOrder() {
        SessionStarted started = new SessionStarted(ID, AT);
        row.tell(started);
        PageNavigated navigated = navigate(0);
        assertThat(published).containsExactly(started, navigated);
        assertThat(history.navigations).containsOnlyKeys(0L);
    }

    @Test
    void nothingIsPublishedBeforeItIsWritten() {
        Promise<Void> save = Promise.promise();
        history.outcome(call -> call.equals("save") ? save.future() : Future.succeededFuture());
        PageNavigated first = navigate(0);
        PageNavigated second = navigate(1);
        assertThat(published).isEmpty();
        history.outcome(call -> Future.succeededFuture());
        save.complete();
        assertThat(published).containsExactly(first, second);
        assertThat(history.navigations).containsOnlyKeys(0L, 1L);
    }

    @Test
    void eventsArePublishedAfterARetriedWrite() throws Exception {
        history.outcome(call -> Future.failedFuture("Postgres is away"));
        PageNavigated navigated = navigate(0);
        assertThat(published).isEmpty();
        clock.advance(1_999);
        history.outcome(call -> Future.succeededFuture());
        assertThat(published).isEmpty();
        clock.advance(1);
        assertThat(published).containsExactly(navigated);
    }

    @Test
    void eventsArePublishedWithTheFinalState() {
        history.outcome(call -> Future.failedFuture("Postgres is away"));
        PageNavigated navigated = navigate(0);
        assertThat(row.writeLast().failed()).isTrue();
        assertThat(published).isEmpty();
        history.outcome(call -> Future.succeededFuture());
        assertThat(row.writeLast().succeeded()).isTrue();
        assertThat(published).containsExactly(navigated);
    }

    /**
     * A session lists a limited number of navigations; one that falls out of the list before it is written is not kept.
     */
    @Test
    void aNavigationThatIsNeverWrittenIsNotPublished() {
        history.outcome(call -> Future.failedFuture("Postgres is away"));
        navigate(0);
        navigations.clear();
        PageNavigated second = navigate(1);
        history.outcome(call -> Future.succeededFuture());
        assertThat(row.writeLast().succeeded()).isTrue();
        assertThat(published).containsExactly(second);
    }

    @Test
    void theStartIsPublishedHoweverManyNavigationsFollowBeforeItIsWritten() {
        history.outcome(call -> Future.failedFuture("Postgres is away"));
        SessionStarted started = new SessionStarted(ID, AT);
        row.tell(started);
        List<SessionEvent> listed = navigateBeyondTheList();
        history.outcome(call -> Future.succeededFuture());
        assertThat(row.writeLast().succeeded()).isTrue();
        assertThat(published.get(0)).isEqualTo(started);
        assertThat(published.subList(1, published.size())).isEqualTo(listed);
    }

    /** As many as may wait; gives those that it lists in the end. */
    private List<SessionEvent> navigateBeyondTheList() {
        List<SessionEvent> listed = new ArrayList<>();
        for (int i = 1; i <= LiveRow.MAX_UNPUBLISHED; i++) {
            PageNavigated event = navigate(i);
            if (navigations.size() > SessionDescription.MAX_NAVIGATIONS) {
                navigations.remove(0);
            }
            if (i > LiveRow.MAX_UNPUBLISHED - SessionDescription.MAX_NAVIGATIONS) {
                listed.add(event);
            }
        }
        return listed;
    }
}
