package dev.berth.http.routes;

import dev.berth.history.profile.ProfileRepository;
import dev.berth.history.profile.ProfileRepository.Profile;
import dev.berth.http.request.Answers.Success;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.QueryParameters;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** Lists and removes the caller's profiles. */
public final class ProfileRoutes {
    private static final int DEFAULT_PROFILES = 30;

    private final ProfileRepository profiles;

    public ProfileRoutes(ProfileRepository profiles) {
        this.profiles = profiles;
    }

    public Future<ProfileRepository.Page> list(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        return profiles.list(Authentication.user(ctx), query.limit(DEFAULT_PROFILES), query.offset());
    }

    public Future<Profile> get(RoutingContext ctx) {
        return profiles.get(Authentication.user(ctx), ctx.pathParam("profile"))
                .map(found -> found.orElseThrow(ProfileRoutes::unknown));
    }

    public Future<Success> delete(RoutingContext ctx) {
        return profiles.delete(Authentication.user(ctx), ctx.pathParam("profile"))
                .compose(removed ->
                        removed ? Future.succeededFuture(new Success(true)) : Future.failedFuture(unknown()));
    }

    private static BerthException unknown() {
        return new BerthException(ErrorCode.NOT_FOUND, "you have no profile with this name");
    }
}
