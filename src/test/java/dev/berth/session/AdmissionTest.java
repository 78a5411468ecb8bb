package dev.berth.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class AdmissionTest {
    private final List<String> positions = new ArrayList<>();
    private Vertx vertx;
    private Admission admission;

    @BeforeEach
    void onePlace(Vertx given) throws Exception {
        vertx = given;
        // All calls run on one context.
        admission = onContext(() -> new Admission(vertx, 1));
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
        Admission.Ticket ticket = onContext(() -> admission.enter(position -> positions.add(name + " " + position)));
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

    @Test
    void thePlaceGoesToTheFirstAndThenDownTheQueue() throws Exception {
        Admission.Ticket a = enter("a");
        Admission.Ticket b = enter("b");
        Admission.Ticket c = enter("c");
        assertThat(a.placed().succeeded()).isTrue();
        assertThat(b.placed().isComplete()).isFalse();
        assertThat(positions).containsExactly("b 1", "b 1", "c 2");
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
}
