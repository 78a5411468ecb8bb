package dev.berth.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Cost;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.NodeCommand.NodeStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskView.TaskStatus;
import dev.berth.verbs.Verbs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeMetricsTest {
    private final NodeMetrics metrics = new NodeMetrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    private Exposition read() {
        return Exposition.read(metrics.text(new NodeStatus("node", 20, 1, 2, 3, 4, 5, "Chrome", true, true)));
    }

    @Test
    void aCountThatOnlyTheMetricsHoldGoesOn() {
        AtomicLong rung = new AtomicLong();
        metrics.count("berth.bells", "Bells.", () -> rung.get());
        // Takes with it what is held weakly.
        System.gc();
        rung.set(3);
        assertThat(metrics.text(new NodeStatus("node", 20, 1, 2, 3, 4, 5, "Chrome", true, true)))
                .contains("berth_bells_total 3.0\n");
    }

    private static ActionEntry action(String type, boolean success) {
        return new ActionEntry(
                ActionEntry.newId(),
                type,
                Instant.EPOCH,
                success,
                Map.of(),
                40,
                ActionSource.REST,
                Optional.empty(),
                Cost.NONE);
    }

    private void countEverything() {
        Verbs.all().forEach(verb -> metrics.actions().performed(action(verb.name(), true)));
        Stream.of(EndReason.values()).forEach(metrics.sessions()::ended);
        metrics.sessions().running(Duration.ofMillis(80));
        metrics.sessions().placed(1);
        metrics.sessions().launched(1, false);
        metrics.postgres().measured(CallTimes.QUERY, Future.failedFuture("no"));
        metrics.objectStore().measured(CallTimes.PUT, Future.succeededFuture());
        metrics.capture().dropped(LogKind.NETWORK);
        metrics.relay().toClient(1_000);
        metrics.ai().asked(1, true, new Cost(0.25, 100, 20));
        metrics.ai().ended(TaskStatus.COMPLETED);
    }

    @Test
    void allIsAsPrometheusWantsIt() {
        Vertx vertx = Vertx.vertx();
        try {
            metrics.watch(vertx);
            metrics.tell("berth.chrome.memory", "Memory of all Chromes together.", "bytes", () -> 7);
            countEverything();
            Exposition read = read();
            read.assertRules();
            assertThat(read.value("berth_chrome_memory_bytes")).isEqualTo(7);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Dashboards of earlier versions have these names. */
    @Test
    void theEarlierSeriesAreStillThere() {
        Exposition read = read();
        assertThat(read.value("berth_sessions{status=\"creating\"}")).isEqualTo(1);
        assertThat(read.value("berth_sessions{status=\"running\"}")).isEqualTo(2);
        assertThat(read.value("berth_sessions{status=\"queued\"}")).isEqualTo(3);
        assertThat(read.value("berth_chromes_warm")).isEqualTo(4);
        assertThat(read.value("berth_sessions_capacity")).isEqualTo(20);
        assertThat(read.value("berth_draining")).isEqualTo(1);
        assertThat(read.value("berth_sessions_created_total")).isEqualTo(5);
        assertThat(read.value("jvm_memory_heap_used_bytes")).isPositive();
        assertThat(read.value("jvm_threads")).isPositive();
    }

    /** No id, URL or text of a user is one: each value would be a series for ever. */
    @Test
    void labelsAreOfClosedSets() {
        countEverything();
        Exposition read = read();
        assertThat(read.families().stream().filter(name -> name.startsWith("berth_")))
                .allSatisfy(name -> assertThat(Set.of(
                                "status",
                                "reason",
                                "verb",
                                "outcome",
                                "log",
                                "direction",
                                "protection",
                                "side",
                                "type",
                                "operation",
                                "le"))
                        .containsAll(read.labels(name)));
    }

    @Test
    void whatIsNoVerbIsCountedTogether() {
        metrics.actions().performed(action("click", true));
        Stream.iterate(0, i -> i < 1_000, i -> i + 1)
                .forEach(i -> metrics.actions().performed(action("made-up-" + i, i % 2 == 0)));
        Exposition read = read();
        assertThat(read.value("berth_actions_total{outcome=\"success\",verb=\"click\"}"))
                .isEqualTo(1);
        assertThat(read.value("berth_actions_total{outcome=\"failure\",verb=\"other\"}"))
                .isEqualTo(500);
        assertThat(read.value("berth_action_duration_seconds_count{verb=\"other\"}"))
                .isEqualTo(1_000);
        assertThat(read.value("berth_action_duration_seconds_bucket{verb=\"click\",le=\"0.05\"}"))
                .isEqualTo(1);
        assertThat(read.value("berth_action_duration_seconds_bucket{verb=\"click\",le=\"0.01\"}"))
                .isZero();
    }

    @Test
    void whatFailsIsAnErrorAndTakesTime() {
        metrics.postgres().measured(CallTimes.QUERY, Future.failedFuture("no"));
        metrics.postgres().measured(CallTimes.QUERY, Future.succeededFuture());
        Exposition read = read();
        assertThat(read.value("berth_postgres_errors_total{operation=\"query\"}"))
                .isEqualTo(1);
        assertThat(read.value("berth_postgres_request_seconds_count{operation=\"query\"}"))
                .isEqualTo(2);
    }
}
