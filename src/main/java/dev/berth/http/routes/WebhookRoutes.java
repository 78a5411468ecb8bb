package dev.berth.http.routes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.berth.history.webhook.DeliveryRepository;
import dev.berth.history.webhook.DeliveryRepository.Delivery;
import dev.berth.history.webhook.WebhookRepository;
import dev.berth.history.webhook.WebhookRepository.Webhook;
import dev.berth.http.request.Answers.Success;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.QueryParameters;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Makes, lists and removes webhooks; lists what they were told, and tells it again. */
public final class WebhookRoutes {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;
    private static final int DEFAULT_DELIVERIES = 30;

    private final WebhookRepository webhooks;
    private final DeliveryRepository deliveries;
    private final WebhookDoor door;

    public WebhookRoutes(WebhookRepository webhooks, DeliveryRepository deliveries, WebhookDoor door) {
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.door = door;
    }

    /** The node's deliveries to webhooks, as the API needs them. For any thread. */
    public interface WebhookDoor {
        /** Why events can't be told at this URL, as the end of a sentence; empty where they can. */
        Optional<String> refusal(String url);

        /** A delivery is due now. */
        void wake();
    }

    /**
     * A webhook as its user sees it.
     *
     * @param active always true in this version
     * @param lastFailure the newest of the latest 100 deliveries whose last attempt failed
     */
    public record WebhookView(
            @JsonUnwrapped @JsonIgnoreProperties({"userId", "keyId", "secret"})
            Webhook webhook,

            boolean active,
            Optional<Delivery> lastFailure) {}

    /** A new webhook, with its secret, which is told only now. */
    public record Made(
            @JsonUnwrapped @JsonIgnoreProperties({"userId", "keyId"})
            Webhook webhook,

            boolean active) {}

    /** All webhooks of a user. */
    public record WebhookViews(List<WebhookView> webhooks) {}

    public Future<Made> create(RoutingContext ctx) {
        Webhook webhook = webhook(ctx);
        Optional<String> refusal = door.refusal(webhook.url());
        if (refusal.isPresent()) {
            return Future.failedFuture(new BerthException(ErrorCode.INVALID_ARGUMENT, "url " + refusal.get()));
        }
        return webhooks.add(webhook).compose(added -> {
            if (!added) {
                return full();
            }
            door.wake();
            return Future.succeededFuture(new Made(webhook, true));
        });
    }

    private static Webhook webhook(RoutingContext ctx) {
        JsonObject body = JsonBody.of(ctx);
        return new Webhook(
                "webhook-" + UUID.randomUUID(),
                Authentication.user(ctx),
                Authentication.key(ctx).keyId(),
                body.getString("url"),
                body.getJsonArray("events").stream()
                        .map(String.class::cast)
                        .distinct()
                        .toList(),
                Optional.ofNullable(body.getString("secret")).orElseGet(WebhookRoutes::newSecret),
                Instant.now());
    }

    /** A secret of the form that libraries for Standard Webhooks take. */
    private static String newSecret() {
        byte[] random = new byte[SECRET_BYTES];
        RANDOM.nextBytes(random);
        return "whsec_" + Base64.getEncoder().encodeToString(random);
    }

    private static <T> Future<T> full() {
        return Future.failedFuture(new BerthException(
                ErrorCode.LIMIT_REACHED,
                "a user can have at most " + WebhookRepository.MAX_OF_USER + " webhooks",
                "DELETE webhooks that you no longer need"));
    }

    public Future<WebhookViews> list(RoutingContext ctx) {
        return webhooks.list(Authentication.user(ctx))
                .compose(found -> viewed(ctx, found))
                .map(WebhookViews::new);
    }

    public Future<WebhookView> get(RoutingContext ctx) {
        return find(ctx).compose(webhook -> viewed(ctx, List.of(webhook))).map(views -> views.get(0));
    }

    private Future<List<WebhookView>> viewed(RoutingContext ctx, List<Webhook> found) {
        return deliveries
                .lastFailures(Authentication.user(ctx))
                .map(failures -> found.stream()
                        .map(webhook ->
                                new WebhookView(webhook, true, Optional.ofNullable(failures.get(webhook.webhookId()))))
                        .toList());
    }

    public Future<Success> delete(RoutingContext ctx) {
        return webhooks.remove(Authentication.user(ctx), ctx.pathParam("webhookId"))
                .compose(removed ->
                        removed ? Future.succeededFuture(new Success(true)) : Future.failedFuture(unknown()));
    }

    public Future<DeliveryRepository.Page> deliveries(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        return find(ctx)
                .compose(webhook ->
                        deliveries.list(webhook.webhookId(), query.limit(DEFAULT_DELIVERIES), query.offset()));
    }

    public Future<Delivery> test(RoutingContext ctx) {
        return find(ctx)
                .compose(webhook -> deliveries.test(webhook.webhookId()))
                .map(made -> made.orElseThrow(() -> new BerthException(
                        ErrorCode.LIMIT_REACHED,
                        "at most " + DeliveryRepository.MAX_TESTS + " tests of a webhook can wait",
                        "wait until they have been delivered or have failed")))
                .onSuccess(made -> door.wake());
    }

    public Future<Delivery> replay(RoutingContext ctx) {
        return find(ctx)
                .compose(webhook -> deliveries.replay(webhook.webhookId(), ctx.pathParam("deliveryId")))
                .map(found -> found.orElseThrow(() -> new BerthException(
                        ErrorCode.NOT_FOUND,
                        "the webhook has no delivery with this id; deliveries are kept for 7 days")))
                .onSuccess(due -> door.wake());
    }

    /** The caller's webhook of the path; fails with {@link ErrorCode#NOT_FOUND}. */
    private Future<Webhook> find(RoutingContext ctx) {
        return webhooks.find(Authentication.user(ctx), ctx.pathParam("webhookId"))
                .map(found -> found.orElseThrow(WebhookRoutes::unknown));
    }

    private static BerthException unknown() {
        return new BerthException(ErrorCode.NOT_FOUND, "you have no webhook with this id");
    }
}
