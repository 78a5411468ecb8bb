package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.history.ReportRepository;
import dev.berth.protocol.ReportCommand.AddSteps;
import dev.berth.protocol.ReportCommand.StepsAdded;
import dev.berth.protocol.SessionEvent.StepReported;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.StepEntry;
import dev.berth.protocol.StepEntry.StepKind;
import dev.berth.secrets.HiddenTexts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClientReportsTest {
    private final List<Promise<List<StepReported>>> writes = new ArrayList<>();
    private final ClientReports reports = new ClientReports(
            new HandScheduler(), SessionId.random(), new SlowRepository(), new HiddenTexts(), event -> {});

    private class SlowRepository extends ReportRepository {
        SlowRepository() {
            super(null);
        }

        @Override
        public Future<List<StepReported>> add(SessionId id, List<StepEntry> steps) {
            writes.add(Promise.promise());
            return writes.get(writes.size() - 1).future();
        }
    }

    private Future<StepsAdded> add(int number) {
        StepEntry step = new StepEntry(
                "step-" + number, "a step", StepKind.STEP, Instant.EPOCH, 1, Optional.empty(), Optional.empty());
        return reports.add(new AddSteps(List.of(step)));
    }

    @Test
    void reportsAreWrittenOneAfterTheOther() {
        Future<StepsAdded> first = add(1);
        Future<StepsAdded> second = add(2);
        assertThat(writes).hasSize(1);
        writes.get(0).fail("Postgres is away");
        assertThat(first.failed()).isTrue();
        assertThat(writes).hasSize(2);
        writes.get(1).complete(List.of());
        assertThat(second.succeeded()).isTrue();
    }

    @Test
    void whereTooManyWaitTheNextIsRefused() {
        List<Future<StepsAdded>> waiting = IntStream.range(0, ClientReports.MAX_WAITING)
                .mapToObj(this::add)
                .toList();
        Future<StepsAdded> beyond = add(1_000);
        assertThat(beyond.cause()).hasMessageContaining("wait to be written");
        writes.get(0).complete(List.of());
        assertThat(waiting.get(0).succeeded()).isTrue();
        assertThat(add(1_001).isComplete()).isFalse();
    }
}
