package dev.berth.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class AdmissionTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<String> positions = new ArrayList<>();
    private final FakeOthers others = new FakeOthers();
    private int entered;
    private Vertx vertx;
    private Admission admission;

    @BeforeEach
    void onePlace(Vertx given) throws Exception {
        vertx = given;
        // All calls run on one context.
        admission = onContext(() -> new Admission(vertx, 1, others));
    }

    /** One session waits elsewhere. */
    private static final class FakeOthers implements Admission.Others {
        private volatile Optional<Instant> oldest = Optional.empty();
        private volatile Promise<Void> fetched = Promise.promise();
        private final List<Optional<Instant>> asked = new CopyOnWriteArrayList<>();

        @Override
        public boolean haveOlder(Optional<Instant> than) {
            return oldest.isPresent() && (than.isEmpty() || oldest.get().isBefore(than.get()));
        }

        @Override
        public Future<?> fetchOldest(Optional<Instant> olderThan) {
            asked.add(olderThan);
            return fetched.future();
        }

        /** It comes, or somebody else has it. */
        void over() {
            oldest = Optional.empty();
            fetched.complete();
        }
    }

    private <T> T onContext(java.util.concurrent.Callable<T> call) throws Exception {
        Promise<T> done = Promise.promise();
        context().runOnContext(ignored -> {
            try {
                done.complete(call.call());
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return get(done.future());
    }

    private io.vertx.core.Context context;

    private io.vertx.core.Context context() {
        if (context == null) {
            context = vertx.getOrCreateContext();
        }
        return context;
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private Admission.Ticket enter(String name) throws Exception {
        return enter(name, START.plusSeconds(++entered));
    }

    private Admission.Ticket enter(String name, Instant since) throws Exception {
        Admission.Ticket ticket = onContext(
                () -> admission.enter(SessionId.random(), since, position -> positions.add(name + " " + position)));
        settle();
        return ticket;
    }

    /** Waits until everything that was sent to the context before is done. */
    private void settle() throws Exception {
        for (int i = 0; i < 3; i++) {
            onContext(() -> null);
        }
    }

    private void leave(Admission.Ticket ticket) throws Exception {
        ticket.leave();
        settle();
    }

    /** The place is free, and kept for one that has waited longer elsewhere. */
    private Admission.Ticket waitsForAPlaceOfAnOlder() throws Exception {
        Admission.Ticket first = enter("first");
        Admission.Ticket young = enter("young", START.plusSeconds(20));
        others.oldest = Optional.of(START.plusSeconds(10));
        leave(first);
        return young;
    }

    @Test
    void thePlaceGoesToTheFirstAndThenDownTheQueue() throws Exception {
        Admission.Ticket a = enter("a");
        Admission.Ticket b = enter("b");
        Admission.Ticket c = enter("c");
        assertThat(a.placed().succeeded()).isTrue();
        assertThat(b.placed().isComplete()).isFalse();
        assertThat(positions).containsExactly("b 1", "c 2");
        assertThat(admission.queued()).isEqualTo(2);
        leave(a);
        assertThat(b.placed().succeeded()).isTrue();
        assertThat(c.placed().isComplete()).isFalse();
        assertThat(positions).endsWith("c 1");
    }

    @Test
    void whoLeavesTheQueueIsPassedOver() throws Exception {
        Admission.Ticket a = enter("a");
        Admission.Ticket b = enter("b");
        Admission.Ticket c = enter("c");
        leave(b);
        assertThat(b.placed().failed()).isTrue();
        leave(a);
        assertThat(c.placed().succeeded()).isTrue();
    }

    @Test
    void leavingTwiceFreesOnePlace() throws Exception {
        Admission.Ticket a = enter("a");
        leave(a);
        leave(a);
        Admission.Ticket b = enter("b");
        Admission.Ticket c = enter("c");
        assertThat(b.placed().succeeded()).isTrue();
        assertThat(c.placed().isComplete()).isFalse();
    }

    @Test
    void whoComesFromAnotherNodeTakesItsPositionByAge() throws Exception {
        Admission.Ticket first = enter("first");
        Admission.Ticket young = enter("young", START.plusSeconds(20));
        Admission.Ticket old = enter("old", START.plusSeconds(10));
        assertThat(positions).containsExactly("young 1", "old 1", "young 2");
        leave(first);
        assertThat(old.placed().succeeded()).isTrue();
        assertThat(young.placed().isComplete()).isFalse();
    }

    @Test
    void aPlaceIsKeptForWhoHasWaitedLongerElsewhere() throws Exception {
        Admission.Ticket young = waitsForAPlaceOfAnOlder();
        assertThat(others.asked).containsExactly(Optional.of(START.plusSeconds(20)));
        assertThat(young.placed().isComplete()).isFalse();
        // Nor does somebody who comes now overtake it, or make this node ask twice.
        Admission.Ticket younger = enter("younger", START.plusSeconds(30));
        Admission.Ticket old = enter("old", START.plusSeconds(10));
        others.over();
        settle();
        assertThat(old.placed().succeeded()).isTrue();
        assertThat(young.placed().isComplete()).isFalse();
        assertThat(younger.placed().isComplete()).isFalse();
        assertThat(others.asked).hasSize(1);
        leave(old);
        assertThat(young.placed().succeeded()).isTrue();
    }

    /** A node with a free place, too, would hand it back. */
    @Test
    void whoIsAboutToHaveThePlaceIsNotGivenToOthers() throws Exception {
        Admission.Ticket young = waitsForAPlaceOfAnOlder();
        assertThat(onContext(() -> admission.oldestSince(any -> true))).isEmpty();
        assertThat(onContext(() -> admission.setAside(Optional.empty(), any -> true)))
                .isEmpty();
        Admission.Ticket old = enter("old", START.plusSeconds(10));
        assertThat(onContext(() -> admission.oldestSince(any -> true))).contains(START.plusSeconds(20));
        assertThat(onContext(() -> admission.setAside(Optional.empty(), any -> true)))
                .contains(young);
        others.over();
        settle();
        assertThat(old.placed().succeeded()).isTrue();
    }

    @Test
    void aPlaceForWhichNobodyComesIsGivenToThoseHere() throws Exception {
        Admission.Ticket young = waitsForAPlaceOfAnOlder();
        others.over();
        settle();
        assertThat(young.placed().succeeded()).isTrue();
    }

    @Test
    void whoWaitsLongerHereThanElsewhereIsNext() throws Exception {
        Admission.Ticket first = enter("first");
        Admission.Ticket old = enter("old", START.plusSeconds(10));
        others.oldest = Optional.of(START.plusSeconds(10));
        leave(first);
        assertThat(old.placed().succeeded()).isTrue();
        assertThat(others.asked).isEmpty();
    }

    @Test
    void aFreePlaceIsOfferedWhenOthersTell() throws Exception {
        others.oldest = Optional.of(START);
        onContext(() -> {
            admission.settle();
            admission.settle();
            return null;
        });
        assertThat(others.asked).containsExactly(Optional.empty());
    }

    @Test
    void whoIsSetAsideGetsNoPlaceUntilTakenBackAndKeepsItsPosition() throws Exception {
        Admission.Ticket first = enter("first");
        Admission.Ticket second = enter("second");
        Admission.Ticket third = enter("third");
        assertThat(onContext(() -> admission.setAside(Optional.of(START), any -> true)))
                .isEmpty();
        assertThat(onContext(() -> admission.setAside(Optional.empty(), id -> id.equals(third.id()))))
                .contains(third);
        assertThat(onContext(() -> admission.setAside(Optional.empty(), any -> true)))
                .contains(second);
        leave(first);
        assertThat(second.placed().isComplete()).isFalse();
        assertThat(admission.queued()).isEqualTo(2);
        Admission.Ticket fourth = enter("fourth");
        assertThat(fourth.placed().succeeded()).isTrue();
        onContext(() -> {
            third.takeBack();
            second.takeBack();
            return null;
        });
        leave(fourth);
        assertThat(second.placed().succeeded()).isTrue();
        assertThat(third.placed().isComplete()).isFalse();
    }

    @Test
    void whoIsSetAsideMayLeave() throws Exception {
        Admission.Ticket first = enter("first");
        Admission.Ticket second = enter("second");
        onContext(() -> admission.setAside(Optional.empty(), any -> true));
        leave(second);
        assertThat(second.placed().failed()).isTrue();
        leave(first);
        assertThat(admission.queued()).isZero();
    }
}
