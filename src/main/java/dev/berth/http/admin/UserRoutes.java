package dev.berth.http.admin;

import dev.berth.access.UserAdministration;
import dev.berth.access.UserAdministration.User;
import dev.berth.http.request.AdminAccess;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.QueryParameters;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** What admins do with users. For any event loop. */
public final class UserRoutes {
    private final UserAdministration users;
    private final AdminAccess access;

    public UserRoutes(UserAdministration users, AdminAccess access) {
        this.users = users;
        this.access = access;
    }

    /** The response to {@code DELETE}: how many keys and sessions the user had. */
    public record Removed(boolean success, long keys, long sessions) {}

    public Future<User> create(RoutingContext ctx) {
        return access.admin(ctx).compose(by -> users.create(by, JsonBody.of(ctx).getString("user")));
    }

    public Future<UserAdministration.Page> list(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        return AdminAccess.require(ctx)
                .compose(admin -> users.list(query.limit(KeyRoutes.DEFAULT_LIMIT), query.offset()));
    }

    public Future<Removed> remove(RoutingContext ctx) {
        return access.admin(ctx)
                .compose(by -> users.remove(by, ctx.pathParam("user")))
                .map(removed -> new Removed(true, removed.keys(), removed.sessions()));
    }
}
