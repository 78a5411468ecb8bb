package dev.berth.http.admin;

import dev.berth.http.request.AdminAccess;
import dev.berth.http.request.JsonBody;
import dev.berth.retention.Reconciler;
import dev.berth.retention.Reconciler.Report;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** Compares the object store with Postgres for an admin. */
public final class ReconcileRoute {
    private final Reconciler reconciler;

    public ReconcileRoute(Reconciler reconciler) {
        this.reconciler = reconciler;
    }

    public Future<Report> run(RoutingContext ctx) {
        return AdminAccess.require(ctx)
                .compose(admin -> reconciler.run(JsonBody.of(ctx).getBoolean("remove", false)));
    }
}
