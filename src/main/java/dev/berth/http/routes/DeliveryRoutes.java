package dev.berth.http.routes;

import dev.berth.history.DeliveryRepository;
import dev.berth.history.DeliveryRepository.Delivery;
import dev.berth.history.WebhookRepository;
import dev.berth.http.request.QueryParameters;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** Lists what a webhook was told, and tells it again. */
public final class DeliveryRoutes {
    private static final int DEFAULT_DELIVERIES = 30;

    private final WebhookRepository webhooks;
    private final DeliveryRepository deliveries;
    private final WebhookDoor door;

    public DeliveryRoutes(WebhookRepository webhooks, DeliveryRepository deliveries, WebhookDoor door) {
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.door = door;
    }

    public Future<DeliveryRepository.Page> list(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        return WebhookRoutes.find(webhooks, ctx)
                .compose(webhook ->
                        deliveries.list(webhook.webhookId(), query.limit(DEFAULT_DELIVERIES), query.offset()));
    }

    public Future<Delivery> test(RoutingContext ctx) {
        return WebhookRoutes.find(webhooks, ctx)
                .compose(webhook -> deliveries.test(webhook.webhookId()))
                .map(made -> made.orElseThrow(() -> new BerthException(
                        ErrorCode.LIMIT_REACHED,
                        "at most " + DeliveryRepository.MAX_TESTS + " tests of a webhook may wait",
                        "wait until they have been delivered or have failed")))
                .onSuccess(made -> door.wake());
    }

    public Future<Delivery> replay(RoutingContext ctx) {
        return WebhookRoutes.find(webhooks, ctx)
                .compose(webhook -> deliveries.replay(webhook.webhookId(), ctx.pathParam("deliveryId")))
                .map(found -> found.orElseThrow(() -> new BerthException(
                        ErrorCode.NOT_FOUND, "the webhook has no such delivery; they are kept for 7 days")))
                .onSuccess(due -> door.wake());
    }
}
