package dev.berth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.AddressRange;
import dev.berth.config.EgressConfig;
import dev.berth.egress.AddressPolicy;
import dev.berth.egress.Destinations;
import dev.berth.history.webhook.DeliveryQueue;
import dev.berth.history.webhook.DeliveryQueue.Attempt;
import dev.berth.history.webhook.DeliveryQueue.DueDelivery;
import dev.berth.protocol.Cost;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import dev.berth.webhook.WebhookVerticle.Counts;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node's part of the deliveries, with rows in memory and receivers on sockets. */
class WebhookVerticleTest {
    private static final long NEVER = 60_000;

    /** With a name, as the DNS would have it. */
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setAddressResolverOptions(
                    new AddressResolverOptions().setHostsValue(Buffer.buffer("127.6.6.6 denied.example"))));

    private final Rows rows = new Rows();
    private final WebhookVerticle verticle =
            new WebhookVerticle(rows, this::sender, () -> Optional.of("https://berth.example"));

    @BeforeEach
    void register() {
        RecordCodec.registerAll(vertx);
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private Sender sender(Vertx on) {
        EgressConfig settings = new EgressConfig(true, true, List.of(), List.of(AddressRange.parse("127.6.6.6")));
        AddressPolicy policy = new AddressPolicy(settings, Set::of, port -> false);
        return new Sender(on, new Destinations(on, policy), InstantSource.system(), NEVER, new HttpClientOptions());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private String receiver(Handler<HttpServerRequest> handler) throws Exception {
        return "http://127.0.0.1:"
                + await(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"))
                        .actualPort();
    }

    private static DueDelivery delivery(String webhook, int number, String url, int attempt) {
        return new DueDelivery(
                webhook + "-" + number,
                webhook,
                url,
                "secret",
                "session.ended",
                Instant.EPOCH,
                1,
                attempt,
                Optional.of("session-1"),
                Optional.empty(),
                Optional.empty());
    }

    /** Deliveries that are due, and what came of those that were made. */
    private static final class Rows extends DeliveryQueue {
        private final List<DueDelivery> due = new ArrayList<>();
        private final Map<String, Attempt> settled = new java.util.HashMap<>();
        private final List<Map<String, Integer>> inFlight = new ArrayList<>();
        private final List<Throwable> outages = new ArrayList<>();
        private Promise<Void> enough = Promise.promise();
        private int wanted = Integer.MAX_VALUE;

        private Rows() {
            super(null);
        }

        @Override
        public synchronized Future<List<DueDelivery>> claim(int limit, Map<String, Integer> making) {
            if (!outages.isEmpty()) {
                return Future.failedFuture(outages.remove(0));
            }
            inFlight.add(Map.copyOf(making));
            List<DueDelivery> claimed =
                    due.stream().collect(Collectors.groupingBy(DueDelivery::webhookId)).entrySet().stream()
                            .flatMap(ofOne -> ofOne.getValue().stream()
                                    .limit(Math.max(0, 2 - making.getOrDefault(ofOne.getKey(), 0))))
                            .limit(limit)
                            .toList();
            due.removeAll(claimed);
            return Future.succeededFuture(claimed);
        }

        @Override
        public synchronized Future<Void> settle(DueDelivery made, Attempt how) {
            settled.put(made.deliveryId(), how);
            if (settled.size() == wanted) {
                enough.complete();
            }
            return Future.succeededFuture();
        }

        @Override
        public Future<Purged> purge() {
            return Future.succeededFuture(new Purged(false, 0));
        }

        synchronized Future<Void> settled(int number) {
            wanted = number;
            return settled.size() >= number ? Future.succeededFuture() : enough.future();
        }
    }

    private Attempt attempt(String url, int number) throws Exception {
        rows.due.add(delivery("a", 0, url, number));
        await(vertx.deployVerticle(verticle));
        await(rows.settled(1));
        return rows.settled.get("a-0");
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "2, 60", "3, 300", "4, 900", "9, 21600"})
    void whatIsNotTakenIsTriedAgainEverLater(int number, long seconds) throws Exception {
        Attempt attempt = attempt(
                receiver(request -> request.response().setStatusCode(500).end()), number);
        assertThat(attempt.state()).isEqualTo("pending");
        assertThat(attempt.retryMillis()).hasValue(seconds * 1_000);
        assertThat(verticle.counts()).isEqualTo(new Counts(0, 1, 0));
    }

    @Test
    void aTaskIsToldWithoutItsInstructionAndOutput() {
        TaskId id = TaskId.random();
        TaskView task = new TaskView(
                id,
                id.session(),
                1,
                "inner secrets",
                TaskStatus.FAILED,
                Optional.of("inner secrets"),
                Optional.empty(),
                Optional.of("why"),
                2,
                Cost.NONE,
                Instant.EPOCH,
                Optional.of(Instant.EPOCH));
        DueDelivery due = new DueDelivery(
                "delivery-1",
                "webhook-1",
                "",
                "secret",
                "task.failed",
                Instant.EPOCH,
                1,
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.of(task));
        JsonObject told = new JsonObject(
                Buffer.buffer(WebhookMessage.of(due, Optional.empty()).json()));
        assertThat(told.getJsonObject("task").fieldNames())
                .containsExactly(
                        "taskId",
                        "sessionId",
                        "status",
                        "question",
                        "error",
                        "steps",
                        "cost",
                        "startedAt",
                        "completedAt");
    }

    @Test
    void theTenthAttemptIsTheLast() throws Exception {
        Attempt attempt = attempt(
                receiver(request -> request.response().setStatusCode(500).end()), 10);
        assertThat(attempt.state()).isEqualTo("failed");
        assertThat(verticle.counts()).isEqualTo(new Counts(0, 1, 1));
    }

    @Test
    void anAddressThatMayNotBeDialledIsNotTriedAgain() throws Exception {
        Attempt attempt = attempt("http://127.6.6.6:1/", 1);
        assertThat(attempt.state()).isEqualTo("failed");
        assertThat(attempt.error()).hasValueSatisfying(why -> assertThat(why).contains("127.6.6.6", "egress.deny"));
    }

    @Test
    void receiversThatHangHoldUpNobodyElse() throws Exception {
        String hanging = receiver(request -> {});
        String quick = receiver(request -> request.response().end());
        IntStream.range(0, 50).forEach(i -> rows.due.add(delivery("hanging", i, hanging, 1)));
        // On the same host as those that hang, too.
        IntStream.range(0, 20).forEach(i -> rows.due.add(delivery("hanging" + i, i, hanging, 1)));
        IntStream.range(0, 50).forEach(i -> rows.due.add(delivery("quick", i, quick, 1)));
        await(vertx.deployVerticle(verticle));
        await(rows.settled(50));
        assertThat(rows.settled.keySet()).allMatch(id -> id.startsWith("quick-"));
        assertThat(rows.due).hasSize(48).allMatch(left -> left.webhookId().equals("hanging"));
        assertThat(rows.inFlight.get(rows.inFlight.size() - 1)).containsEntry("hanging", 2);
    }

    @Test
    void anOutageOfPostgresIsWaitedFor() throws Exception {
        rows.outages.add(new IllegalStateException("Postgres is away"));
        rows.due.add(delivery("a", 0, receiver(request -> request.response().end()), 1));
        await(vertx.deployVerticle(verticle));
        verticle.wake();
        await(rows.settled(1));
        assertThat(rows.outages).isEmpty();
    }
}
