package dev.berth.webhook;

import dev.berth.egress.AddressPolicy;
import dev.berth.egress.Destinations;
import dev.berth.history.webhook.DeliveryQueue;
import dev.berth.history.webhook.DeliveryQueue.Attempt;
import dev.berth.history.webhook.DeliveryQueue.DueDelivery;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.SessionClient;
import dev.berth.webhook.Sender.Answer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the deliveries that are due: takes them from Postgres, posts them, and records the answers. Postgres has all that must not
 * be lost; this verticle has only the deliveries under way. A slow or failing receiver costs its own webhook a place, and others nothing.
 * One for each node; all its state is on its event loop.
 */
public final class WebhookVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(WebhookVerticle.class);

    /** Limit for this node's simultaneous deliveries. Of one webhook it makes two at the most. */
    static final int MAX_IN_FLIGHT = 512;

    /** How soon a delivery is found that nobody told this node of: one that is due again, or another node's. */
    private static final long POLL_MILLIS = 5_000;

    /** The pause from a session's event to the claim: the next events come with it, and the row is certainly written. */
    private static final long PAUSE_MILLIS = 200;

    private static final long PURGE_MILLIS = TimeUnit.MINUTES.toMillis(10);

    /** The times between attempts: at most ten attempts within 23 hours. */
    private static final long[] RETRY_MILLIS = LongStream.of(10, 60, 300, 900, 3_600, 10_800, 21_600, 21_600, 21_600)
            .map(TimeUnit.SECONDS::toMillis)
            .toArray();

    private final DeliveryQueue deliveries;
    private final Function<Vertx, Sender> senders;
    private final Supplier<Optional<String>> base;
    private final Map<String, Integer> inFlightOf = new HashMap<>();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failedAttempts = new LongAdder();
    private final LongAdder given = new LongAdder();
    private Sender sender;
    private volatile Optional<Context> own = Optional.empty();
    private int inFlight;
    private boolean claiming;
    private boolean again;
    private boolean soon;
    private boolean stopped;

    /** @param base the URL under which clients reach this server; empty where that is not known */
    public WebhookVerticle(DeliveryQueue deliveries, AddressPolicy policy, Supplier<Optional<String>> base) {
        this(deliveries, vertx -> new Sender(vertx, new Destinations(vertx, policy), InstantSource.system()), base);
    }

    WebhookVerticle(DeliveryQueue deliveries, Function<Vertx, Sender> senders, Supplier<Optional<String>> base) {
        this.deliveries = deliveries;
        this.senders = senders;
        this.base = base;
    }

    /**
     * Counts of this node's deliveries since its start. For any thread.
     *
     * @param failedAttempts attempts without a 2xx answer, repeated later or not
     * @param failed deliveries that are not tried again, with those that were removed while they waited
     */
    public record Counts(long delivered, long failedAttempts, long failed) {}

    public Counts counts() {
        return new Counts(delivered.sum(), failedAttempts.sum(), given.sum());
    }

    @Override
    public Future<?> start() {
        own = Optional.of(context);
        sender = senders.apply(vertx);
        vertx.setPeriodic(POLL_MILLIS, tick -> claim());
        vertx.setPeriodic(PURGE_MILLIS, tick -> purge());
        claim();
        return new SessionClient(vertx).lifecycle(event -> claimSoon()).completion();
    }

    private void claimSoon() {
        if (!soon) {
            soon = true;
            vertx.setTimer(PAUSE_MILLIS, over -> {
                soon = false;
                claim();
            });
        }
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        return sender.close();
    }

    /** Something is due now. For any thread; before it is deployed, nothing happens. */
    public void wake() {
        own.ifPresent(context -> context.runOnContext(run -> claim()));
    }

    private void claim() {
        again = claiming;
        if (claiming || stopped || inFlight >= MAX_IN_FLIGHT) {
            return;
        }
        claiming = true;
        here(deliveries.claim(MAX_IN_FLIGHT - inFlight, Map.copyOf(inFlightOf)))
                .onSuccess(due -> due.forEach(this::deliver))
                // Postgres is away: what is due stays due.
                .onFailure(e -> log.debug("webhook deliveries could not be claimed: {}", e.toString()))
                .onComplete(claimed -> {
                    claiming = false;
                    if (again) {
                        claim();
                    }
                });
    }

    private void deliver(DueDelivery due) {
        inFlight++;
        inFlightOf.merge(due.webhookId(), 1, Integer::sum);
        long begun = System.nanoTime();
        Future.succeededFuture()
                .compose(begin ->
                        here(sender.send(due, WebhookMessage.of(due, base.get()).json())))
                .onFailure(e -> log.error("webhook delivery {} has no message to send", due.deliveryId(), e))
                .compose(answer -> settle(due, answer, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)))
                .onComplete(settled -> {
                    inFlight--;
                    inFlightOf.computeIfPresent(due.webhookId(), (id, others) -> others == 1 ? null : others - 1);
                    claim();
                });
    }

    /** While Postgres is away, the delivery comes due again: the receiver may get the event twice, but not never. */
    private Future<Void> settle(DueDelivery due, Answer answer, long millis) {
        Attempt attempt = new Attempt(answer.status(), answer.error(), millis, retry(due, answer));
        count(attempt);
        log.debug("{} attempt {}: {}", due.deliveryId(), due.attempt(), answer);
        return here(deliveries.settle(due, attempt))
                .onFailure(e -> log.debug("{} is not recorded: {}", due.deliveryId(), e.toString()));
    }

    /** A timeout, for example, is told on any thread; this verticle's state is its event loop's. */
    private <T> Future<T> here(Future<T> answer) {
        Promise<T> told = LoopPromise.on(context);
        answer.onComplete(told);
        return told.future();
    }

    /** A URL whose address may not be dialled is not tried again: that is for people to change. */
    private static OptionalLong retry(DueDelivery due, Answer answer) {
        boolean last = answer.error().isEmpty() || answer.refused() || due.attempt() > RETRY_MILLIS.length;
        return last ? OptionalLong.empty() : OptionalLong.of(RETRY_MILLIS[due.attempt() - 1]);
    }

    private void count(Attempt attempt) {
        if (attempt.error().isEmpty()) {
            delivered.increment();
            return;
        }
        failedAttempts.increment();
        if (attempt.retryMillis().isEmpty()) {
            given.increment();
        }
    }

    private void purge() {
        deliveries
                .purge()
                .onSuccess(purged -> {
                    if (purged.untold() > 0) {
                        log.warn(
                                "{} waiting webhook deliveries were removed, because their webhooks had too many",
                                purged.untold());
                        given.add(purged.untold());
                    }
                    if (purged.more() && !stopped) {
                        purge();
                    }
                })
                .onFailure(e -> log.debug("webhook deliveries could not be removed: {}", e.toString()));
    }
}
