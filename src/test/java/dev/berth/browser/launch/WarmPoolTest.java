package dev.berth.browser.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.BrowserLauncher.LaunchSpec;
import dev.berth.browser.BrowserLauncher.Launched;
import dev.berth.browser.SavedProfile;
import dev.berth.fake.FakeBrowser;
import dev.berth.fake.HandScheduler;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The pool with Chromes and a clock that the test controls. */
@ExtendWith(VertxExtension.class)
class WarmPoolTest {

    private final HandScheduler clock = new HandScheduler();
    private final Chromes source = new Chromes();
    private Context context;
    private WarmPool pool;

    @BeforeEach
    void start(Vertx vertx) {
        context = vertx.getOrCreateContext();
        pool = pool(2);
    }

    private WarmPool pool(int size) {
        return new WarmPool(context, clock, source, size);
    }

    /** A Chrome that does what the test says. */
    private static final class Chrome implements WarmPool.WarmChrome {
        final Promise<Void> gone = Promise.promise();
        volatile boolean alive = true;
        volatile boolean discarded;
        volatile boolean stays;
        volatile Optional<String> refusal = Optional.empty();

        final Promise<Void> exited = Promise.promise();

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public Future<?> exited() {
            return exited.future();
        }

        @Override
        public Context context() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Launched> adopt(LaunchSpec spec) {
            return refusal.<Future<Launched>>map(Future::failedFuture)
                    .orElseGet(() -> Future.succeededFuture(new Launched(new FakeBrowser(), Optional.empty())));
        }

        @Override
        public Future<Void> discard() {
            discarded = true;
            if (stays) {
                throw new IllegalStateException("it can't be removed");
            }
            return gone.future();
        }
    }

    private static final class Chromes implements WarmPool.Source {
        final List<Promise<WarmPool.WarmChrome>> asked = new CopyOnWriteArrayList<>();
        final List<Future<Void>> aborts = new CopyOnWriteArrayList<>();
        volatile int cold;
        volatile Optional<String> full = Optional.empty();

        @Override
        public Future<WarmPool.WarmChrome> prepare(Future<Void> abort) {
            Promise<WarmPool.WarmChrome> chrome = Promise.promise();
            asked.add(chrome);
            aborts.add(abort);
            return chrome.future();
        }

        @Override
        public Future<Launched> launch(LaunchSpec spec) {
            cold++;
            return Future.succeededFuture(new Launched(new FakeBrowser(), Optional.empty()));
        }

        @Override
        public Optional<String> full() {
            return full;
        }

        @Override
        public void requireHeld(SessionOptions options) {}
    }

    /** Runs what the pool has put off to its context. */
    private void settle() throws Exception {
        for (int i = 0; i < 5; i++) {
            Promise<Void> turn = Promise.promise();
            context.runOnContext(ignored -> turn.complete());
            turn.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    private void on(Runnable action) throws Exception {
        context.runOnContext(ignored -> action.run());
        settle();
    }

    /** The Chrome that was asked for as number {@code index} comes up. */
    private Chrome comesUp(int index) throws Exception {
        Chrome chrome = new Chrome();
        on(() -> source.asked.get(index).complete(chrome));
        return chrome;
    }

    private List<Chrome> filled() throws Exception {
        pool.start();
        settle();
        List<Chrome> chromes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            chromes.add(comesUp(i));
        }
        assertThat(pool.warm()).isEqualTo(2);
        return chromes;
    }

    private static LaunchSpec spec(Optional<SavedProfile> profile, Future<Void> abort) {
        return new LaunchSpec(null, profile, List.of(), Optional.empty(), null, abort);
    }

    private Future<Launched> take() throws Exception {
        return take(Optional.empty());
    }

    private Future<Launched> take(Optional<SavedProfile> profile) throws Exception {
        Promise<Launched> taken = Promise.promise();
        on(() -> pool.launch(pool.takeWarm(), spec(profile, Future.future(never -> {})))
                .onComplete(taken));
        return taken.future();
    }

    @Test
    void preparesOneAfterTheOtherUntilItIsFull() throws Exception {
        pool.start();
        settle();
        assertThat(source.asked).hasSize(1);
        comesUp(0);
        assertThat(source.asked).hasSize(2);
        comesUp(1);
        assertThat(source.asked).hasSize(2);
        assertThat(pool.warm()).isEqualTo(2);
    }

    @Test
    void aChromeThatIsTakenIsReplacedALittleLater() throws Exception {
        filled();
        assertThat(take().succeeded()).isTrue();
        assertThat(source.cold).isZero();
        assertThat(source.asked).hasSize(2);
        clock.advance(250);
        settle();
        assertThat(source.asked).hasSize(3);
    }

    @Test
    void aChromeThatHasDiedIsReplacedThoughNoSessionTookIt() throws Exception {
        filled().get(1).alive = false;
        take();
        clock.advance(250);
        settle();
        comesUp(2);
        comesUp(3);
        assertThat(pool.warm()).isEqualTo(2);
        assertThat(source.asked).hasSize(4);
    }

    private static SavedProfile profile(boolean folders) {
        return new SavedProfile() {
            @Override
            public boolean hasFolders() {
                return folders;
            }

            @Override
            public InputStream open() {
                return InputStream.nullInputStream();
            }
        };
    }

    @Test
    void aProfileOfCookiesTakesAWarmChrome() throws Exception {
        filled();
        assertThat(take(Optional.of(profile(false))).succeeded()).isTrue();
        assertThat(source.cold).isZero();
        assertThat(pool.warm()).isEqualTo(1);
    }

    @Test
    void aProfileWithFoldersTakesAChromeOfItsOwn() throws Exception {
        List<Chrome> chromes = filled();
        assertThat(take(Optional.of(profile(true))).succeeded()).isTrue();
        assertThat(source.cold).isEqualTo(1);
        assertThat(chromes.get(0).discarded).isTrue();
        assertThat(pool.warm()).isEqualTo(1);
    }

    @Test
    void anEmptyPoolLaunches() throws Exception {
        pool = pool(0);
        pool.start();
        assertThat(take().succeeded()).isTrue();
        assertThat(source.cold).isEqualTo(1);
        clock.advance(20_000);
        settle();
        assertThat(source.asked).isEmpty();
    }

    @Test
    void aDeadChromeIsDiscardedAndTheNextOneTaken() throws Exception {
        List<Chrome> chromes = filled();
        chromes.get(0).alive = false;
        assertThat(take().succeeded()).isTrue();
        assertThat(chromes.get(0).discarded).isTrue();
        assertThat(chromes.get(1).discarded).isFalse();
        assertThat(source.cold).isZero();
        assertThat(pool.warm()).isZero();
    }

    @Test
    void aChromeThatFailsItsSessionIsReplacedByAColdOne() throws Exception {
        filled().get(0).refusal = Optional.of("on purpose");
        assertThat(take().succeeded()).isTrue();
        assertThat(source.cold).isEqualTo(1);
    }

    @Test
    void aSessionThatIsNoLongerWantedGetsNoOther() throws Exception {
        filled().get(0).refusal = Optional.of("on purpose");
        Promise<Launched> taken = Promise.promise();
        on(() -> pool.launch(pool.takeWarm(), spec(Optional.empty(), Future.succeededFuture()))
                .onComplete(taken));
        assertThat(taken.future().failed()).isTrue();
        assertThat(source.cold).isZero();
    }

    @Test
    void aChromeThatDiesWhileItWaitsIsDiscardedAndReplacedALittleLater() throws Exception {
        Chrome dying = filled().get(0);
        dying.alive = false;
        dying.exited.complete();
        settle();
        assertThat(dying.discarded).isTrue();
        assertThat(source.asked).hasSize(2);
        clock.advance(WarmPool.RETRY_MILLIS);
        settle();
        comesUp(2);
        assertThat(pool.warm()).isEqualTo(2);
    }

    @Test
    void aDeadChromeIsNotCounted() throws Exception {
        filled().get(0).alive = false;
        assertThat(pool.warm()).isEqualTo(1);
    }

    @Test
    void anotherIsTriedASecondAfterOneCouldNotBePrepared() throws Exception {
        pool.start();
        settle();
        on(() -> source.asked.get(0).fail("on purpose"));
        clock.advance(999);
        settle();
        assertThat(source.asked).hasSize(1);
        clock.advance(1);
        settle();
        assertThat(source.asked).hasSize(2);
    }

    @Test
    void aFullMachineIsAskedAgain() throws Exception {
        source.full = Optional.of("no disk");
        pool.start();
        settle();
        assertThat(take().cause()).hasMessage("no disk");
        assertThat(source.asked).isEmpty();
        source.full = Optional.empty();
        clock.advance(1_000);
        settle();
        assertThat(source.asked).hasSize(1);
    }

    @Test
    void closingWaitsUntilAllAreGone() throws Exception {
        List<Chrome> chromes = filled();
        take();
        clock.advance(250);
        settle();
        Future<Void> closed = pool.close();
        settle();
        assertThat(source.aborts.get(2).succeeded()).isTrue();
        Chrome late = comesUp(2);
        assertThat(late.discarded).isTrue();
        assertThat(chromes.get(0).discarded).as("a session has it").isFalse();
        on(late.gone::complete);
        assertThat(closed.isComplete()).isFalse();
        on(chromes.get(1).gone::complete);
        assertThat(closed.succeeded()).isTrue();
    }

    @Test
    void closingWaitsForNoneWhoseRemovalCannotBegin() throws Exception {
        List<Chrome> chromes = filled();
        chromes.get(0).stays = true;
        Future<Void> closed = pool.close();
        settle();
        assertThat(chromes).allMatch(chrome -> chrome.discarded);
        on(chromes.get(1).gone::complete);
        assertThat(closed.succeeded()).isTrue();
    }

    @Test
    void closingEndsInTimeThoughOneStays() throws Exception {
        filled();
        Future<Void> closed = pool.close();
        settle();
        assertThat(closed.isComplete()).isFalse();
        clock.advance(15_000);
        settle();
        assertThatThrownBy(
                        () -> closed.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(TimeoutException.class);
    }
}
