package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.access.Actor;
import dev.berth.access.KeyAdministration;
import dev.berth.access.KeyRepository;
import dev.berth.history.webhook.DeliveryQueue;
import dev.berth.history.webhook.DeliveryQueue.Attempt;
import dev.berth.history.webhook.DeliveryQueue.DueDelivery;
import dev.berth.history.webhook.DeliveryQueue.Purged;
import dev.berth.history.webhook.DeliveryRepository;
import dev.berth.history.webhook.DeliveryRepository.Delivery;
import dev.berth.history.webhook.WebhookRepository;
import dev.berth.history.webhook.WebhookRepository.Webhook;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView.TaskStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries to webhooks come with the events themselves, and nodes share them. */
class DeliveriesIT {
    private static final List<String> SESSION_EVENTS = List.of("session.created", "session.started", "session.ended");
    private static final Attempt TAKEN = new Attempt(Optional.of(200), Optional.empty(), 5, OptionalLong.empty());
    private static final long USER = 1;

    private static final String CREATE = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, expires_at)
            values ($1, 1, 'd0000001', 'creating', '{}', '{"team":"qa"}', now(), now())
            """;
    private static final String START =
            "update sessions set started_at = now(), status = 'running' where session_id = $1";
    private static final String END = """
            update sessions set ended_at = now(), status = 'completed', end_reason = 'client' where session_id = $1
            """;
    private static final String TASK = """
            insert into tasks (task_id, user_id, session_id, machine_id, instruction, status, started_at, last_event)
            values ($1, 1, $2, 'd0000001', 'do it', 'running', now(), 0)
            """;

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;

    private final WebhookRepository webhooks = new WebhookRepository(postgres.database);
    private final DeliveryRepository deliveries = new DeliveryRepository(postgres.database);
    private final DeliveryQueue queue = new DeliveryQueue(postgres.database);

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
        postgres.sql("insert into users (name) values ('another')", Tuple.tuple());
        KeyRepository keys = new KeyRepository(postgres.database);
        await(keys.add("somebody", "a key"));
        await(keys.add("another", "another's key"));
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @AfterEach
    void removeAll() throws Exception {
        postgres.sql("delete from webhooks", Tuple.tuple());
    }

    private static long keyOf(long user) throws Exception {
        return await(postgres.database.number("select max(key_id) from api_keys where user_id = $1", user));
    }

    private String webhook(long user, List<String> events) throws Exception {
        String id = "webhook-" + UUID.randomUUID();
        assertThat(await(webhooks.add(new Webhook(
                        id, user, keyOf(user), "http://127.0.0.1:9/", events, "a secret of a user", Instant.now()))))
                .isTrue();
        return id;
    }

    private static String session() throws Exception {
        String id = "session-" + UUID.randomUUID();
        postgres.sql(CREATE, Tuple.of(id));
        return id;
    }

    private List<Delivery> listed(String webhook) throws Exception {
        return await(deliveries.list(webhook, 100, 0)).deliveries();
    }

    private List<DueDelivery> claim(String... busy) throws Exception {
        return await(queue.claim(100, Stream.of(busy).collect(Collectors.toMap(id -> id, id -> 2))));
    }

    @Test
    void eachWebhookOfTheUserIsToldOnceOfWhatItAskedFor() throws Exception {
        String all = webhook(USER, SESSION_EVENTS);
        String ends = webhook(USER, List.of("session.ended"));
        String others = webhook(2, SESSION_EVENTS);
        String session = session();
        postgres.sql(START, Tuple.of(session));
        postgres.sql(END, Tuple.of(session));
        postgres.sql(END, Tuple.of(session));
        assertThat(listed(all)).extracting(Delivery::event).containsExactlyInAnyOrderElementsOf(SESSION_EVENTS);
        assertThat(listed(ends)).extracting(Delivery::event).containsExactly("session.ended");
        assertThat(listed(others)).isEmpty();
        Delivery end = listed(ends).get(0);
        assertThat(end.sessionId()).hasValue(session);
        assertThat(end.state()).isEqualTo("pending");
        assertThat(end.attempts()).isZero();

        DueDelivery due = claim(all).get(0);
        assertThat(due.deliveryId()).isEqualTo(end.deliveryId());
        assertThat(due.session()).hasValueSatisfying(there -> {
            assertThat(there.status()).isEqualTo(SessionStatus.COMPLETED);
            assertThat(there.metadata()).containsEntry("team", "qa");
        });
    }

    @Test
    void tasksTellThatTheyWaitAndThatTheyAreOver() throws Exception {
        String webhook = webhook(USER, List.of("task.waiting", "task.completed"));
        String session = session();
        String task = TaskId.random().value();
        postgres.sql(TASK, Tuple.of(task, session));
        postgres.sql("update tasks set status = 'waiting', question = 'why?' where task_id = $1", Tuple.of(task));
        postgres.sql("update tasks set steps = 1 where task_id = $1", Tuple.of(task));
        DueDelivery waiting = claim().get(0);
        assertThat(waiting.event()).isEqualTo("task.waiting");
        assertThat(waiting.task())
                .hasValueSatisfying(there -> assertThat(there.question()).hasValue("why?"));
        postgres.sql(
                "update tasks set status = 'failed', question = null, completed_at = now() where task_id = $1",
                Tuple.of(task));
        DueDelivery over = claim().get(0);
        assertThat(over.event()).isEqualTo("task.completed");
        assertThat(over.task())
                .hasValueSatisfying(there -> assertThat(there.status()).isEqualTo(TaskStatus.FAILED));
        assertThat(listed(webhook)).hasSize(2);
    }

    @Test
    void nodesShareWhatIsDueAndTakeLittleOfOneWebhook() throws Exception {
        String first = webhook(USER, SESSION_EVENTS);
        String second = webhook(USER, SESSION_EVENTS);
        for (int i = 0; i < 4; i++) {
            session();
        }
        List<Future<List<DueDelivery>>> claims = List.of(queue.claim(100, Map.of()), queue.claim(100, Map.of()));
        List<DueDelivery> taken = new ArrayList<>();
        for (Future<List<DueDelivery>> claim : claims) {
            assertThat(await(claim).stream().filter(due -> due.webhookId().equals(first)))
                    .hasSizeLessThanOrEqualTo(2);
            taken.addAll(await(claim));
        }
        List<DueDelivery> others = claim(first);
        assertThat(others).extracting(DueDelivery::webhookId).doesNotContain(first);
        taken.addAll(others);
        while (taken.size() < 8) {
            List<DueDelivery> more = claim();
            taken.addAll(more);
            if (more.isEmpty()) {
                break;
            }
        }
        assertThat(taken).extracting(DueDelivery::deliveryId).doesNotHaveDuplicates();
        assertThat(listed(second)).allMatch(one -> one.attempts() == 0);
        for (DueDelivery one : taken) {
            await(queue.settle(one, TAKEN));
        }
        assertThat(listed(second)).allMatch(one -> one.attempts() == 1);
        assertThat(await(queue.claim(100, Map.of()))).isEmpty();
    }

    @Test
    void aWebhookWithOneInFlightGetsAnother() throws Exception {
        String slow = webhook(USER, SESSION_EVENTS);
        String idle = webhook(2, List.of("session.ended"));
        for (int i = 0; i < 4; i++) {
            session();
        }
        assertThat(await(queue.claim(100, Map.of(slow, 3)))).isEmpty();
        assertThat(await(queue.claim(100, Map.of(slow, 2)))).isEmpty();
        assertThat(await(queue.claim(100, Map.of(slow, 1, idle, 1)))).hasSize(1);
        assertThat(await(queue.claim(100, Map.of()))).hasSize(2);
        assertThat(await(queue.claim(100, Map.of()))).hasSize(1);
    }

    @Test
    void whatAKilledNodeHasTakenComesDueAgain() throws Exception {
        String webhook = webhook(USER, SESSION_EVENTS);
        session();
        DueDelivery taken = claim().get(0);
        assertThat(claim()).isEmpty();
        postgres.sql(
                "update webhook_deliveries set next_attempt_at = next_attempt_at - interval '1 minute' where webhook_id = $1",
                Tuple.of(webhook));
        DueDelivery again = claim().get(0);
        assertThat(again.deliveryId()).isEqualTo(taken.deliveryId());
        assertThat(again.claim()).isGreaterThan(taken.claim());
        // The first node lives after all, and comes too late.
        await(queue.settle(taken, new Attempt(Optional.empty(), Optional.of("late"), 1, OptionalLong.empty())));
        assertThat(listed(webhook).get(0).state()).isEqualTo("pending");
        await(queue.settle(again, TAKEN));
        assertThat(listed(webhook).get(0).state()).isEqualTo("delivered");
    }

    @Test
    void whatFailsIsTriedLaterAndCanBeReplayed() throws Exception {
        String webhook = webhook(USER, SESSION_EVENTS);
        session();
        await(queue.settle(
                claim().get(0), new Attempt(Optional.of(500), Optional.of("status 500"), 7, OptionalLong.of(60_000))));
        Delivery later = listed(webhook).get(0);
        assertThat(later.state()).isEqualTo("retrying");
        assertThat(await(deliveries.lastFailures(USER))).containsEntry(webhook, later);
        assertThat(later.lastStatus()).hasValue(500);
        assertThat(later.nextAttemptAt())
                .hasValueSatisfying(at -> assertThat(at).isAfter(Instant.now()));
        assertThat(claim()).isEmpty();

        assertThat(await(deliveries.replay("webhook-of-others", later.deliveryId())))
                .isEmpty();
        assertThat(await(deliveries.replay(webhook, later.deliveryId())))
                .hasValueSatisfying(one -> assertThat(one.attempts()).isZero());
        DueDelivery again = claim().get(0);
        assertThat(again.attempt()).isEqualTo(1);
        await(queue.settle(again, new Attempt(Optional.empty(), Optional.of("gone"), 7, OptionalLong.empty())));
        Delivery failed = listed(webhook).get(0);
        assertThat(failed.state()).isEqualTo("failed");
        assertThat(failed.nextAttemptAt()).isEmpty();
        assertThat(failed.lastError()).hasValue("gone");
        await(deliveries.replay(webhook, failed.deliveryId()));
        await(queue.settle(claim().get(0), TAKEN));
        assertThat(listed(webhook).get(0).lastError()).isEmpty();
        assertThat(await(deliveries.lastFailures(USER))).doesNotContainKey(webhook);
    }

    @Test
    void anAttemptOfBeforeAReplayIsNotTheReplays() throws Exception {
        String webhook = webhook(USER, SESSION_EVENTS);
        session();
        DueDelivery hanging = claim().get(0);
        await(deliveries.replay(webhook, hanging.deliveryId()));
        await(queue.settle(hanging, TAKEN));
        assertThat(listed(webhook).get(0).state()).isEqualTo("pending");
        DueDelivery replayed = claim().get(0);
        assertThat(replayed.attempt()).isEqualTo(hanging.attempt());
        await(queue.settle(hanging, TAKEN));
        assertThat(listed(webhook).get(0).state()).isEqualTo("pending");
        await(queue.settle(replayed, TAKEN));
        assertThat(listed(webhook).get(0).state()).isEqualTo("delivered");
        assertThat(listed(webhook).get(0).attempts()).isEqualTo(1);
    }

    @Test
    void whatCannotBeReadIsLeftOut() throws Exception {
        webhook(USER, SESSION_EVENTS);
        postgres.sql("update sessions set metadata = '[1]' where session_id = $1", Tuple.of(session()));
        String good = session();
        assertThat(claim())
                .hasSize(2)
                .allMatch(due -> due.session().isPresent() == due.sessionId().equals(Optional.of(good)));
    }

    @Test
    void aWebhookEndsWithTheKeyThatMadeIt() throws Exception {
        String kept = webhook(USER, SESSION_EVENTS);
        KeyRepository keys = new KeyRepository(postgres.database);
        await(keys.add("somebody", "a key that leaks"));
        String ended = webhook(USER, SESSION_EVENTS);
        session();
        assertThat(listed(ended)).hasSize(1);
        await(new KeyAdministration(postgres.database).revoke(Actor.COMMAND_LINE, keyOf(USER)));
        assertThat(await(webhooks.list(USER))).extracting(Webhook::webhookId).containsExactly(kept);
        assertThat(listed(ended)).isEmpty();
        session();
        assertThat(claim()).extracting(DueDelivery::webhookId).containsOnly(kept);
    }

    @Test
    void aWebhookThatIsDeletedMeanwhileFailsNoSession() throws Exception {
        String webhook = webhook(USER, SESSION_EVENTS);
        SqlConnection other = await(postgres.database.pool().getConnection());
        Transaction transaction = await(other.begin());
        await(other.preparedQuery("delete from webhooks where webhook_id = $1").execute(Tuple.of(webhook)));
        String id = "session-" + UUID.randomUUID();
        var created = postgres.database.update(CREATE, id);
        await(transaction.commit());
        await(other.close());
        assertThat(await(created)).isEqualTo(1);
        assertThat(listed(webhook)).isEmpty();
    }

    @Test
    void aUserHasABoundedNumberOfWebhooksAndTests() throws Exception {
        for (int i = 0; i < WebhookRepository.MAX_OF_USER; i++) {
            webhook(USER, SESSION_EVENTS);
        }
        Webhook more =
                new Webhook("webhook-more", USER, keyOf(USER), "http://a/", SESSION_EVENTS, "secret", Instant.now());
        assertThat(await(webhooks.add(more))).isFalse();
        String first = await(webhooks.list(USER)).get(0).webhookId();
        for (int i = 0; i < DeliveryRepository.MAX_TESTS; i++) {
            assertThat(await(deliveries.test(first))).isPresent();
        }
        assertThat(await(deliveries.test(first))).isEmpty();
        assertThat(await(webhooks.find(2, first))).isEmpty();
        assertThat(await(webhooks.remove(2, first))).isFalse();
        assertThat(await(webhooks.remove(USER, first))).isTrue();
    }

    @Test
    void oldDeliveriesAndTheOldestOfVeryManyAreRemoved() throws Exception {
        String many = webhook(USER, SESSION_EVENTS);
        String old = webhook(USER, SESSION_EVENTS);
        String fill = """
                insert into webhook_deliveries (delivery_id, webhook_id, event, created_at, state, next_attempt_at)
                select gen_random_uuid(), $1, 'session.ended', now() - i * interval '1 second' - $3::bigint * interval '1 day',
                    'delivered', null from generate_series(1, $2::int) i
                """;
        postgres.sql(fill, Tuple.of(many, DeliveryQueue.MAX_KEPT + 7, 0L));
        postgres.sql(fill, Tuple.of(old, 1_001, 7L));
        assertThat(await(queue.purge())).isEqualTo(new Purged(true, 0));
        assertThat(await(queue.purge())).isEqualTo(new Purged(false, 0));
        assertThat(await(deliveries.list(many, 1, 0)).total()).isEqualTo(DeliveryQueue.MAX_KEPT);
        assertThat(await(deliveries.list(old, 1, 0)).total()).isZero();
    }

    @Test
    void whatWaitsIsRemovedLast() throws Exception {
        String webhook = webhook(USER, SESSION_EVENTS);
        String fill = """
                insert into webhook_deliveries (delivery_id, webhook_id, event, created_at, state, next_attempt_at)
                select gen_random_uuid(), $1, 'session.ended', now() - i * interval '1 second', $3::text,
                    case when $3::text = 'pending' then now() end from generate_series($4::int, $4::int + $2::int - 1) i
                """;
        postgres.sql(fill, Tuple.of(webhook, 5, "delivered", 1));
        postgres.sql(fill, Tuple.of(webhook, DeliveryQueue.MAX_KEPT, "pending", 1_000_000));
        assertThat(await(queue.purge())).isEqualTo(new Purged(false, 0));
        assertThat(listed(webhook)).allMatch(one -> one.state().equals("pending"));
        // Eleven days old, and not told yet.
        Instant oldest = await(deliveries.list(webhook, 1, DeliveryQueue.MAX_KEPT - 1))
                .deliveries()
                .get(0)
                .createdAt();
        assertThat(oldest).isBefore(Instant.now().minus(Duration.ofDays(11)));
        postgres.sql(fill, Tuple.of(webhook, 3, "pending", 1));
        assertThat(await(queue.purge())).isEqualTo(new Purged(false, 3));
        assertThat(await(deliveries.list(webhook, 1, 0)).total()).isEqualTo(DeliveryQueue.MAX_KEPT);
    }
}
