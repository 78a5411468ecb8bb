package dev.berth.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionSource;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.Viewport;
import dev.berth.session.machine.SessionProfile;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class SessionTimersTest {
    private final Promise<EndReason> ended = Promise.promise();

    private SessionTimers timers(Vertx vertx, long idle, long reconnect) {
        SessionTimers timers = timers(vertx, idle, reconnect, 60_000);
        timers.running();
        return timers;
    }

    private SessionTimers timers(Vertx vertx, long idle, long reconnect, long lifetime) {
        SessionOptions options = new SessionOptions(
                SessionOptions.CHROMIUM,
                Viewport.DEFAULT,
                new SessionTimeouts(idle, 60_000, reconnect),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Instant now = Instant.now();
        SessionTimers timers = new SessionTimers(
                vertx,
                new SessionProfile(
                        SessionId.random(),
                        1,
                        "node",
                        Optional.empty(),
                        options,
                        Map.of(),
                        now,
                        now.plusMillis(lifetime),
                        0,
                        ActionSource.REST),
                ended::tryComplete);
        timers.start();
        return timers;
    }

    private EndReason reason() throws Exception {
        return ended.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void endsWhenTheLastClientStaysAway(Vertx vertx) throws Exception {
        CdpClients clients = new CdpClients(vertx, timers(vertx, 30_000, 50), connected -> {}, left -> {});
        clients.attach("a");
        clients.attach("b");
        clients.detach("a");
        clients.detach("b");
        assertThat(reason()).isEqualTo(EndReason.CLIENT_DISCONNECTED);
    }

    @Test
    void isNotIdleBeforeItRuns(Vertx vertx) throws Exception {
        timers(vertx, 1, 0, 300);
        assertThat(reason()).isEqualTo(EndReason.MAX_LIFETIME);
    }

    @Test
    void endsAtOnceWithoutAGrace(Vertx vertx) throws Exception {
        CdpClients clients = new CdpClients(vertx, timers(vertx, 30_000, 0), connected -> {}, left -> {});
        clients.attach("a");
        clients.detach("a");
        assertThat(reason()).isEqualTo(EndReason.CLIENT_DISCONNECTED);
    }

    @Test
    void aClientThatComesBackKeepsTheSessionUntilItIsIdle(Vertx vertx) throws Exception {
        CdpClients clients = new CdpClients(vertx, timers(vertx, 300, 100), connected -> {}, left -> {});
        clients.attach("a");
        clients.detach("a");
        clients.attach("b");
        assertThat(reason()).isEqualTo(EndReason.IDLE_TIMEOUT);
    }

    @Test
    void usingTheSessionStartsTheGraceAgain(Vertx vertx) throws Exception {
        SessionTimers timers = timers(vertx, 30_000, 200);
        CdpClients clients = new CdpClients(vertx, timers, connected -> {}, left -> {});
        clients.attach("a");
        clients.detach("a");
        long left = System.nanoTime();
        vertx.setTimer(150, ignored -> timers.used());
        assertThat(reason()).isEqualTo(EndReason.CLIENT_DISCONNECTED);
        assertThat(System.nanoTime() - left).isGreaterThanOrEqualTo(340_000_000L);
    }

    @Test
    void anEndingSessionWaitsForItsClientsFarewell(Vertx vertx) throws Exception {
        CdpClients clients = new CdpClients(vertx, timers(vertx, 30_000, 0), connected -> {}, left -> {});
        assertThat(clients.whenGone().isComplete()).isTrue();
        clients.attach("a");
        var gone = clients.whenGone();
        assertThat(gone.isComplete()).isFalse();
        clients.detach("a");
        gone.toCompletionStage().toCompletableFuture().get(1, TimeUnit.SECONDS);
        assertThat(ended.future().isComplete()).isFalse();
    }
}
