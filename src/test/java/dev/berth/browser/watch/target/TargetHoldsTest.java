package dev.berth.browser.watch.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class TargetHoldsTest {
    private static void onContext(Vertx vertx, VertxTestContext test, java.util.function.Consumer<TargetHolds> trial) {
        vertx.runOnContext(ignored -> test.verify(() -> {
            trial.accept(new TargetHolds(vertx));
            test.completeNow();
        }));
    }

    @Test
    void onlyClientsThatHoldItsTypeDelayATarget(Vertx vertx, VertxTestContext test) {
        onContext(vertx, test, holds -> {
            assertThat(holds.over("t", "page").isComplete()).isTrue();
            holds.waitFor("a", Set.of("service_worker"));
            assertThat(holds.over("t", "page").isComplete()).isTrue();
            holds.waitFor("b", Set.of("page"));
            holds.waitFor("b", Set.of());
            assertThat(holds.over("t", "page").isComplete()).isTrue();
        });
    }

    @Test
    void aTargetRunsWhenAllItsHoldersHaveReleasedIt(Vertx vertx, VertxTestContext test) {
        onContext(vertx, test, holds -> {
            holds.waitFor("a", Set.of("page"));
            holds.waitFor("b", Set.of("page"));
            Future<TargetHolds.Starter> over = holds.over("t", "page");
            holds.released("a", "other", TargetHolds.Starter.CLIENT);
            holds.released("a", "t", TargetHolds.Starter.CLIENT);
            assertThat(over.isComplete()).isFalse();
            holds.released("b", "t", TargetHolds.Starter.CLIENT);
            assertThat(over.result()).isEqualTo(TargetHolds.Starter.CLIENT);
        });
    }

    @Test
    void aClientThatLeavesHoldsNothing(Vertx vertx, VertxTestContext test) {
        onContext(vertx, test, holds -> {
            holds.waitFor("a", Set.of("page"));
            Future<TargetHolds.Starter> over = holds.over("t", "page");
            holds.left("a");
            assertThat(over.result()).isEqualTo(TargetHolds.Starter.EYES);
            assertThat(holds.over("next", "page").isComplete()).isTrue();
        });
    }

    @Test
    void aTargetThatIsGoneEndsItsHold(Vertx vertx, VertxTestContext test) {
        onContext(vertx, test, holds -> {
            holds.waitFor("a", Set.of("page"));
            Future<TargetHolds.Starter> over = holds.over("t", "page");
            holds.gone("t");
            assertThat(over.isComplete()).isTrue();
        });
    }
}
