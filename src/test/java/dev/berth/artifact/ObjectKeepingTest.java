package dev.berth.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.FakeStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectKeepingTest {
    private static final String KEY = "sessions/a/b.png";

    private final FakeStore store = new FakeStore();
    private final ObjectKeeping keeping = new ObjectKeeping(store);
    private final List<String> calls = new ArrayList<>();

    private Future<Void> keep(Future<Void> known) {
        store.outcome(call -> {
            calls.add(call);
            return Future.succeededFuture();
        });
        return keeping.keep(KEY, () -> store.spool(KEY, Buffer.buffer("x")), () -> {
            calls.add("known");
            return known;
        });
    }

    @Test
    void whatIsKeptIsSpooledBeforeItIsKnownAndStays() {
        assertThat(keep(Future.succeededFuture()).succeeded()).isTrue();
        assertThat(calls).containsExactly("spool", "known");
        assertThat(store.spooled).containsKey(KEY);
    }

    @Test
    void whatCannotBeKnownIsRemoved() {
        assertThat(keep(Future.failedFuture("away")).cause()).hasMessage("away");
        assertThat(calls).containsExactly("spool", "known", "remove");
        assertThat(store.spooled).isEmpty();
    }

    @Test
    void nothingIsKnownThatIsNotSafe() {
        Promise<Void> spooled = Promise.promise();
        Future<Void> kept = keeping.keep(KEY, spooled::future, () -> {
            calls.add("known");
            return Future.succeededFuture();
        });
        assertThat(calls).isEmpty();
        spooled.fail("the disk is full");
        assertThat(kept.cause()).hasMessage("the disk is full");
        assertThat(calls).isEmpty();
    }

    @Test
    void whatThrowsFails() {
        Future<Void> kept = keeping.keep(
                KEY,
                () -> {
                    throw new IllegalStateException("on purpose");
                },
                Future::succeededFuture);
        assertThat(kept.cause()).hasMessage("on purpose");
    }
}
