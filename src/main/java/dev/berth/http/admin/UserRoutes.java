package dev.berth.http.admin;

import dev.berth.history.access.UserAdministration;
import dev.berth.history.access.UserAdministration.User;
import dev.berth.http.request.AdminAccess;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.QueryParameters;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/** What admins do with users. For any event loop. */
public final class UserRoutes {
    private final UserAdministration users;
    private final AdminAccess access;
    private final Consumer<String> removeObject;

    /** @param removeObject takes the key of an object in the object store to which nothing refers any more */
    public UserRoutes(UserAdministration users, AdminAccess access, Consumer<String> removeObject) {
        this.users = users;
        this.access = access;
        this.removeObject = removeObject;
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
                .onSuccess(removed -> removed.objects().forEach(removeObject))
                .map(removed -> new Removed(true, removed.keys(), removed.sessions()));
    }
}
