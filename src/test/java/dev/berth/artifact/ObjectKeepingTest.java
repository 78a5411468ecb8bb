package dev.berth.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.artifact.ObjectKeeping.OnFailure;
import dev.berth.fake.FakeStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ObjectKeepingTest {
    private static final String KEY = "sessions/a/b.png";

    private final FakeStore store = new FakeStore();
    private final ObjectKeeping keeping = new ObjectKeeping(store);
    private final List<String> calls = new ArrayList<>();

    private Future<Boolean> keep(Future<Boolean> known, OnFailure onFailure) {
        store.outcome(call -> {
            calls.add(call);
            return Future.succeededFuture();
        });
        return keeping.keep(
                KEY,
                () -> store.spool(KEY, Buffer.buffer("x")),
                () -> {
                    calls.add("known");
                    return known;
                },
                onFailure);
    }

    @ParameterizedTest
    @EnumSource(OnFailure.class)
    void whatIsKeptIsSpooledBeforeItIsKnownAndStays(OnFailure onFailure) {
        assertThat(keep(Future.succeededFuture(true), onFailure).result()).isTrue();
        assertThat(calls).containsExactly("spool", "known");
        assertThat(store.spooled).containsKey(KEY);
    }

    @ParameterizedTest
    @EnumSource(OnFailure.class)
    void whatIsRefusedIsRemoved(OnFailure onFailure) {
        assertThat(keep(Future.succeededFuture(false), onFailure).result()).isFalse();
        assertThat(calls).containsExactly("spool", "known", "remove");
        assertThat(store.spooled).isEmpty();
    }

    @Test
    void whatMayBeKnownStaysToBeTriedAgain() {
        assertThat(keep(Future.failedFuture("the answer is lost"), OnFailure.STAYS)
                        .cause())
                .hasMessage("the answer is lost");
        assertThat(store.spooled).containsKey(KEY);
    }

    @Test
    void whatNobodyTriesAgainIsRemoved() {
        assertThat(keep(Future.failedFuture("away"), OnFailure.IS_REMOVED).cause())
                .hasMessage("away");
        assertThat(calls).containsExactly("spool", "known", "remove");
        assertThat(store.spooled).isEmpty();
    }

    @Test
    void nothingIsKnownThatIsNotSafe() {
        Promise<Void> spooled = Promise.promise();
        Future<Boolean> kept = keeping.keep(
                KEY,
                spooled::future,
                () -> {
                    calls.add("known");
                    return Future.succeededFuture(true);
                },
                OnFailure.IS_REMOVED);
        assertThat(calls).isEmpty();
        spooled.fail("the disk is full");
        assertThat(kept.cause()).hasMessage("the disk is full");
        assertThat(calls).isEmpty();
    }

    @Test
    void whatThrowsFails() {
        Future<Boolean> kept = keeping.keep(
                KEY,
                () -> {
                    throw new IllegalStateException("on purpose");
                },
                () -> Future.succeededFuture(true),
                OnFailure.STAYS);
        assertThat(kept.cause()).hasMessage("on purpose");
    }
}
