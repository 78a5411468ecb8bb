package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialWritesTest {
    private final SerialWrites turns = new SerialWrites();
    private final List<Promise<Void>> writes = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    private Future<Void> keep(String what) {
        return turns.next(
                offset -> {
                    writes.add(Promise.promise());
                    return writes.get(writes.size() - 1).future();
                },
                offset -> told.add(offset + " " + what));
    }

    @Test
    void writesOneAfterTheOther() {
        keep("a");
        keep("b");
        assertThat(writes).hasSize(1);
        assertThat(told).isEmpty();
        writes.get(0).complete();
        assertThat(told).containsExactly("0 a");
        writes.get(1).complete();
        assertThat(told).containsExactly("0 a", "1 b");
    }

    @Test
    void aFailedWriteIsNotReportedAndItsOffsetNotReused() {
        Future<Void> lost = keep("lost");
        keep("b");
        writes.get(0).fail("Postgres refuses it");
        writes.get(1).complete();
        assertThat(lost.failed()).isTrue();
        assertThat(told).containsExactly("1 b");
    }

    @Test
    void aWriteThatThrowsDoesNotBlockTheOthers() {
        Future<Void> thrown = turns.next(
                offset -> {
                    throw new IllegalStateException("no");
                },
                offset -> told.add("never"));
        keep("b");
        writes.get(0).complete();
        assertThat(thrown.failed()).isTrue();
        assertThat(told).containsExactly("1 b");
    }
}
