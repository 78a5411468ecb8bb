package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.FakeHistory;
import dev.berth.fake.HandScheduler;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.SessionStarted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.Viewport;
import dev.berth.session.machine.SessionProfile;
import dev.berth.session.machine.SessionState;
import dev.berth.session.machine.SessionState.Visit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveRowTest {
    private static final SessionId ID = SessionId.random();
    private static final Instant AT = Instant.EPOCH;

    private final SessionProfile profile = new SessionProfile(
            ID,
            1,
            "node",
            Optional.empty(),
            new SessionOptions(
                    SessionOptions.CHROMIUM,
                    Viewport.DEFAULT,
                    new SessionTimeouts(1_000, 1_000, 0),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
            Map.of(),
            AT,
            AT.plusSeconds(60),
            0,
            ActionSource.REST);
    private final HandScheduler clock = new HandScheduler();
    private final FakeHistory history = new FakeHistory();
    private final List<Visit> visits = new ArrayList<>();
    private final List<SessionEvent> told = new ArrayList<>();
    private final LiveRow row = new LiveRow(
            clock,
            ID,
            history.sessions(),
            history,
            () -> profile.snapshot(SessionState.NEW, AT),
            () -> List.copyOf(visits),
            told::add);

    private PageNavigated navigate(long offset) {
        NavigationEntry entry = new NavigationEntry("https://a.b/" + offset, "", AT);
        visits.add(new Visit(offset, "page", entry));
        PageNavigated event = new PageNavigated(ID, offset, entry);
        row.tell(event);
        return event;
    }

    @Test
    void whatIsWrittenIsToldAtOnceAndInOrder() {
        SessionStarted started = new SessionStarted(ID, AT);
        row.tell(started);
        PageNavigated navigated = navigate(0);
        assertThat(told).containsExactly(started, navigated);
        assertThat(history.navigations).containsOnlyKeys(0L);
    }

    @Test
    void nothingIsToldBeforeItIsWritten() {
        Promise<Void> save = Promise.promise();
        history.outcome(call -> call.equals("save") ? save.future() : Future.succeededFuture());
        PageNavigated first = navigate(0);
        PageNavigated second = navigate(1);
        assertThat(told).isEmpty();
        history.outcome(call -> Future.succeededFuture());
        save.complete();
        assertThat(told).containsExactly(first, second);
        assertThat(history.navigations).containsOnlyKeys(0L, 1L);
    }

    @Test
    void whatPostgresDoesNotTakeIsToldWhenItDoes() throws Exception {
        history.outcome(call -> Future.failedFuture("Postgres is away"));
        PageNavigated navigated = navigate(0);
        assertThat(told).isEmpty();
        clock.advance(1_999);
        history.outcome(call -> Future.succeededFuture());
        assertThat(told).isEmpty();
        clock.advance(1);
        assertThat(told).containsExactly(navigated);
    }

    @Test
    void whatIsWrittenWithTheLastStateIsToldThen() {
        history.outcome(call -> Future.failedFuture("Postgres is away"));
        PageNavigated navigated = navigate(0);
        assertThat(row.writeLast().failed()).isTrue();
        assertThat(told).isEmpty();
        history.outcome(call -> Future.succeededFuture());
        assertThat(row.writeLast().succeeded()).isTrue();
        assertThat(told).containsExactly(navigated);
    }

    /** A session lists so many: what was pushed out before it could be written is not kept. */
    @Test
    void aNavigationThatIsNeverWrittenIsNotTold() {
        history.outcome(call -> Future.failedFuture("Postgres is away"));
        navigate(0);
        visits.clear();
        PageNavigated second = navigate(1);
        history.outcome(call -> Future.succeededFuture());
        assertThat(row.writeLast().succeeded()).isTrue();
        assertThat(told).containsExactly(second);
    }
}
